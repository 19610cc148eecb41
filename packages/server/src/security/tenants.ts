import { randomBytes } from 'node:crypto';
import type { Environment, KeyFamily, PlainFamily } from '@latchkey/keys';
import { allScopes, type Level, organizationScopes, type Role, type Scope } from '@latchkey/protocol';
import type { TestApp } from '@latchkey/testkit';
import { addMember, ensureUser, newUserId } from '../domains/accounts/index.ts';
import { mintEnvironmentKey } from '../domains/environment-keys/mint.ts';
import { mintKey } from '../domains/keys/index.ts';
import { cliClientId, digestOf, sealPurpose } from '../domains/oauth/oauth.rules.ts';
import { deleteGrant, keepRecord } from '../domains/oauth/oauth.sql.ts';
import { insertWorkspace } from '../domains/workspaces/workspaces.sql.ts';
import { dayMs } from '../platform/clock.ts';

/** For tests: an organization, its owner, and a live credential of every kind that acts for them with all rights. */
export interface Tenant {
  readonly email: string;
  readonly userId: string;
  readonly organizationId: string;
  /** The environment key is tenant-wide, of dev, and of the level admin. */
  readonly keys: Readonly<Record<KeyFamily, string>>;
  readonly session: string;
  /** Things that calls are about, and that no call is made with. */
  readonly targets: {
    readonly keyId: string;
    readonly memberId: string;
    /** The fingerprint of an environment key of dev. */
    readonly key: string;
    /** A workspace of dev. */
    readonly slug: string;
    readonly doomedSlug: string;
    readonly projectId: string;
    /** Active, with the workflow `main`, and `keys.instance` for its key. */
    readonly processInstanceId: string;
    readonly pausedInstanceId: string;
    readonly workflowId: string;
    readonly signingSecretId: string;
    readonly executionId: string;
  };
}

type Holder = Pick<Tenant, 'userId' | 'organizationId'>;

/** What a key is minted with, unless it is a live key with every scope of its family. */
export interface Grant {
  readonly scopes?: readonly Scope[];
  readonly state?: 'active' | 'revoked' | 'expired';
}

/** Mints a key as its operation would, whoever may. */
export async function mint({ deps, clock }: TestApp, family: PlainFamily, holder: Holder, grant: Grant = {}) {
  const { state = 'active', scopes = family === 'organization' ? organizationScopes : allScopes } = grant;
  const bound = family === 'organization' || family === 'instance';
  const now = clock.now();
  const request = {
    family,
    name: 'A key',
    description: '',
    scopes,
    organizationId: bound ? holder.organizationId : null,
    userId: family === 'admin' ? null : holder.userId,
    expiresAt: state === 'expired' ? now - 1 : null,
  };
  return deps.store.write(async (trx) => {
    const { secret, shown } = await mintKey(trx, deps, request, now - dayMs);
    const { keyId } = shown;
    if (state === 'revoked') {
      await trx.updateTable('api_keys').set({ revoked_at: now }).where('id', '=', keyId).execute();
    }
    return { secret, keyId };
  });
}

/** What an environment key is minted with, unless it is a live one of dev, tenant-wide and of the level admin. */
export interface EnvironmentGrant {
  readonly environment?: Environment;
  readonly level?: Level;
  /** Ended by its rotation, or revoked. */
  readonly state?: 'active' | 'ended' | 'revoked';
}

/** Mints an environment key as its operation would, whoever may. */
export async function mintForEnvironment(
  { deps, clock }: TestApp,
  { organizationId, userId }: Holder,
  { environment = 'dev', level = 'admin', state = 'active' }: EnvironmentGrant = {},
) {
  const now = clock.now();
  const place = { organizationId, environment };
  const key = { name: 'An environment key', description: '', workspace: null, level, rotatedFrom: null };
  return deps.store.write(async (trx) => {
    const minted = await mintEnvironmentKey(trx, deps, { place, minterId: userId, ...key }, now - dayMs);
    const end = state === 'revoked' ? { revoked_at: now } : { ends_at: now };
    if (state !== 'active') {
      await trx.updateTable('api_keys').set(end).where('id', '=', minted.keyId).execute();
    }
    const { keyId, apiKey: secret, fingerprint } = minted;
    return { keyId, secret, fingerprint };
  });
}

/** What a session is, unless it is a live one that may call the API. */
export interface SessionGrant {
  readonly state?: 'active' | 'ended' | 'revoked';
  readonly scope?: string;
}

/** Begins a session as signing in would, with an access token that lasts as long. */
export async function beginSession(
  { deps, clock }: TestApp,
  userId: string,
  { state = 'active', scope = 'openid email latchkey' }: SessionGrant = {},
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const grantDigest = digestOf(deps.secrets, 'Grant', randomBytes(32).toString('base64url'));
  const digest = digestOf(deps.secrets, 'AccessToken', token);
  const payload = JSON.stringify({ accountId: userId, clientId: cliClientId, scope });
  const now = clock.now();
  const sealed = (kind: string, of: string) => deps.secrets.seal(payload, sealPurpose(kind, of));
  const record = {
    secondary_digest: null,
    user_id: userId,
    stage: 0,
    created_at: now,
    poll_interval_ms: null,
  };
  const end = now + 30 * dayMs;
  await deps.store.write(async (trx) => {
    await keepRecord(trx, {
      ...record,
      kind: 'Grant',
      digest: grantDigest,
      payload_sealed: sealed('Grant', grantDigest),
      grant_digest: null,
      expires_at: end,
    });
    const tokenEnd = state === 'ended' ? now : end;
    const token = { kind: 'AccessToken', digest, grant_digest: grantDigest, expires_at: tokenEnd };
    await keepRecord(trx, { ...record, ...token, payload_sealed: sealed(token.kind, digest) });
    if (state === 'revoked') await deleteGrant(trx, grantDigest);
  });
  return token;
}

async function addWorkspace({ deps, clock }: TestApp, { organizationId, userId }: Holder, slug: string) {
  const row = {
    id: `wsp_${deps.random.alphanumeric(20)}`,
    organization_id: organizationId,
    environment: 'dev' as const,
    slug,
    name: slug,
    created_by: userId,
    created_at: clock.now(),
    deleted_at: null,
  };
  await deps.store.write((trx) => insertWorkspace(trx, row));
}

async function userIdOf({ deps }: TestApp, email: string): Promise<string> {
  const query = deps.store.db.selectFrom('users').select('id').where('email', '=', email);
  return (await query.executeTakeFirstOrThrow()).id;
}

async function addRunner({ deps, clock }: TestApp, organizationId: string, email: string): Promise<string> {
  const now = clock.now();
  return deps.store.write(async (trx) => {
    const { id: userId } = await ensureUser(trx, { id: newUserId(deps.random), email }, now);
    await addMember(trx, deps, { organizationId, userId, role: 'runner' }, now);
    return userId;
  });
}

/** The data of a call that succeeds. */
async function call(app: TestApp, path: string, key: string, body: object) {
  const answer = await app.call(path, { body, key });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.data;
}

async function addExecution(
  { deps, clock }: TestApp,
  { organizationId, instanceId }: { organizationId: string; instanceId: string },
): Promise<string> {
  const id = deps.random.uuid();
  const now = clock.now();
  const times = { created_at: now, deadline_at: now, finished_at: now };
  const whose = {
    organization_id: organizationId,
    instance_id: instanceId,
    workflow_id: 'main',
    trigger_id: deps.random.uuid(),
  };
  const caller = JSON.stringify({ method: 'instance-key', keyId: null, signingSecretId: null, userId: null });
  const row = {
    id,
    ...whose,
    ...times,
    attempts: 1,
    status: 'success' as const,
    caller,
    payload: '{}',
    result: '{}',
  };
  await deps.store.write((trx) => trx.insertInto('executions').values(row).execute());
  return id;
}

/** Two instances, one of them paused; and the key of the other. */
async function addInstances(app: TestApp, key: string) {
  const workflows = [{ workflowId: 'main', targetUrl: 'http://127.0.0.1:9/' }];
  const created = await call(app, '/v1/instances', key, { title: 'Orders', workflows });
  const paused = await call(app, '/v1/instances', key, { title: 'Paused', workflows });
  await call(app, `/v1/instances/${paused.processInstanceId}/deactivate`, key, {});
  const { processInstanceId, processId: projectId, apiKey } = created;
  const endpoint = `/v1/instances/${processInstanceId}/workflows/main/signing-secrets`;
  const secret = { scheme: 'github', secret: randomBytes(16).toString('hex') };
  const { signingSecretId } = await call(app, endpoint, key, secret);
  const executionId = await addExecution(app, {
    organizationId: created.organizationId,
    instanceId: processInstanceId,
  });
  const pausedInstanceId: string = paused.processInstanceId;
  const targets = { projectId, processInstanceId, pausedInstanceId, workflowId: 'main', signingSecretId };
  return { apiKey, targets: { ...targets, executionId } };
}

async function addTargets(app: TestApp, holder: Holder, email: string) {
  const memberId = await addRunner(app, holder.organizationId, `member-of-${email}`);
  const [slug, doomedSlug] = ['payments', 'doomed'];
  for (const each of [slug, doomedSlug]) await addWorkspace(app, holder, each);
  return {
    keyId: (await mint(app, 'organization', holder)).keyId,
    memberId,
    key: (await mintForEnvironment(app, holder, { level: 'developer' })).fingerprint,
    slug,
    doomedSlug,
  };
}

/** Makes the credentials of the founder of an organization, and what calls are about. */
export async function equip(
  app: TestApp,
  email: string,
  organizationId: string,
  organizationKey: string,
): Promise<Tenant> {
  const holder = { userId: await userIdOf(app, email), organizationId };
  const { apiKey, targets } = await addInstances(app, organizationKey);
  const keys = {
    organization: (await mint(app, 'organization', holder)).secret,
    personal: (await mint(app, 'personal', holder)).secret,
    admin: (await mint(app, 'admin', holder)).secret,
    instance: apiKey,
    environment: (await mintForEnvironment(app, holder)).secret,
  };
  const session = await beginSession(app, holder.userId);
  return {
    ...holder,
    email,
    keys,
    session,
    targets: { ...targets, ...(await addTargets(app, holder, email)) },
  };
}

/** Gives the members of an organization another role, or takes its owner out of everything. */
export async function setRole({ deps }: TestApp, tenant: Tenant, role: Role | undefined): Promise<void> {
  const { organizationId, userId } = tenant;
  await deps.store.write(async (trx) => {
    if (role === undefined) await trx.deleteFrom('memberships').where('user_id', '=', userId).execute();
    else
      await trx
        .updateTable('memberships')
        .set({ role })
        .where('organization_id', '=', organizationId)
        .execute();
  });
}
