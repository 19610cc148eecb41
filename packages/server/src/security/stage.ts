import { generateEnvironmentKey, type KeyFamily, keyPrefixOf, type PlainFamily } from '@latchkey/keys';
import { allScopes, organizationScopes, type Role, type Scope } from '@latchkey/protocol';
import { type EmptyStore, startTestApp, type TestApp, type TestAppOptions } from '@latchkey/testkit';
import { createApp } from '../app.ts';
import { digestForNewKey } from '../domains/keys/digests.ts';
import { mintKey } from '../domains/keys/index.ts';
import { insertKey } from '../domains/keys/keys.sql.ts';
import { dayMs, minuteMs } from '../platform/clock.ts';
import { encodeScopes } from '../storage/index.ts';
import type { Fields, Place, SentRequest } from './places.ts';
import { type Dump, dumpBesidesAudit, dumpTables } from './tables.ts';

/** For tests: an organization, its owner, and a live key of every family that acts for them with every scope. */
export interface Tenant {
  readonly email: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly keys: Readonly<Record<KeyFamily, string>>;
  /** A key of the organization that no call is made with. */
  readonly targetKeyId: string;
}

/** One answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every operation
  readonly body: any;
}

/** What a key is minted with, unless it is a live key with every scope of its family. */
export interface Grant {
  readonly scopes?: readonly Scope[];
  readonly state?: 'active' | 'revoked' | 'expired';
}

/** A server with two organizations in it, and calls in waiting that would succeed. */
export interface Stage {
  readonly app: TestApp;
  readonly acme: Tenant;
  readonly rival: Tenant;
  send(request: SentRequest): Promise<Reply>;
  dump(without?: readonly string[]): Promise<Dump>;
  /** What a refusal must leave as it was. */
  dumpBesidesAudit(without?: readonly string[]): Promise<Dump>;
  mint(family: PlainFamily, holder: Tenant, grant?: Grant): Promise<{ secret: string; keyId: string }>;
  /** Makes room for another key: twenty may be active. */
  forget(keyId: string): Promise<void>;
  /** Signs up and mints a key of every family. */
  addTenant(email: string, organizationName: string): Promise<Tenant>;
  /** Gives the owner another role, or none. */
  setRole(tenant: Tenant, role: Role | undefined): Promise<void>;
  /** The input of a call that succeeds with a live key of the tenant, from the example of the operation. */
  goodInput(place: Place, tenant?: Tenant): Fields;
  close(): Promise<void>;
}

export interface StageOptions extends TestAppOptions {
  /** Reads the newest code mailed to an address; from the local mailbox unless told. */
  readonly codeFor?: (email: string) => Promise<string>;
}

const asksForSignup = 'asks-for-signup@example.com';
const completesSignup = 'completes-signup@example.com';
const completesLogin = 'completes-login@example.com';

function isJson(headers: Readonly<Record<string, unknown>>): boolean {
  return String(headers['content-type']).startsWith('application/json');
}

/** An application of its own on the dependencies of the test application, for requests that are not JSON. */
async function openSender(app: TestApp): Promise<Stage['send']> {
  const http = await createApp(app.deps);
  let sent = 0;
  return async (request) => {
    sent += 1;
    // Every call from an address of its own: the limit per address is not what these tests are about.
    const remoteAddress = `10.${2 + (sent >> 16)}.${(sent >> 8) & 255}.${sent & 255}`;
    const answer = await http.inject({ ...request, remoteAddress });
    const { statusCode: status, headers, body: text } = answer;
    return { status, headers, text, body: isJson(headers) ? JSON.parse(text) : undefined };
  };
}

async function mintOn(
  app: TestApp,
  family: PlainFamily,
  holder: Pick<Tenant, 'userId' | 'organizationId'>,
  grant: Grant = {},
) {
  const { store } = app.deps;
  const { state = 'active', scopes = family === 'organization' ? organizationScopes : allScopes } = grant;
  const bound = family === 'organization' || family === 'instance';
  const now = app.clock.now();
  const request = {
    family,
    name: 'A key',
    description: '',
    scopes,
    organizationId: bound ? holder.organizationId : null,
    userId: family === 'admin' ? null : holder.userId,
    expiresAt: state === 'expired' ? now - 1 : null,
  };
  const { secret, shown } = await store.write(async (trx) => {
    const minted = await mintKey(trx, app.deps, request, now - dayMs);
    if (state === 'revoked') {
      await trx
        .updateTable('api_keys')
        .set({ revoked_at: now })
        .where('id', '=', minted.shown.keyId)
        .execute();
    }
    return minted;
  });
  return { secret, keyId: shown.keyId };
}

/** No operation mints environment keys yet, so its row is written as a mint would write it. */
async function mintEnvironmentKey(
  app: TestApp,
  holder: Pick<Tenant, 'userId' | 'organizationId'>,
): Promise<string> {
  const { secret } = generateEnvironmentKey('dev');
  const now = app.clock.now();
  const row = {
    id: app.deps.random.uuid(),
    family: 'environment',
    digest: digestForNewKey(app.deps.secrets, secret),
    prefix: keyPrefixOf(secret),
    name: 'An environment key',
    description: '',
    scopes: encodeScopes(allScopes),
    organization_id: holder.organizationId,
    user_id: holder.userId,
    created_at: now,
    updated_at: now,
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
  } as const;
  await app.deps.store.write((trx) => insertKey(trx, row));
  return secret;
}

type CodeFor = NonNullable<StageOptions['codeFor']>;

async function request(
  app: TestApp,
  purpose: 'signup' | 'login',
  email: string,
  codeFor: CodeFor,
): Promise<string> {
  const answer = await app.call(`/v1/auth/${purpose}/request`, { body: { email } });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return codeFor(email);
}

async function addTenantTo(app: TestApp, codeFor: CodeFor, email: string, name: string): Promise<Tenant> {
  const code = await request(app, 'signup', email, codeFor);
  const answer = await app.call('/v1/auth/signup/complete', { body: { email, code, company: { name } } });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  const organizationId: string = answer.body.data.organizationId;
  const { store } = app.deps;
  const user = await store.db
    .selectFrom('users')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirstOrThrow();
  const holder = { userId: user.id, organizationId };
  return {
    ...holder,
    email,
    keys: {
      organization: answer.body.data.apiKey.raw,
      personal: (await mintOn(app, 'personal', holder)).secret,
      admin: (await mintOn(app, 'admin', holder)).secret,
      instance: (await mintOn(app, 'instance', holder)).secret,
      environment: await mintEnvironmentKey(app, holder),
    },
    targetKeyId: (await mintOn(app, 'organization', holder)).keyId,
  };
}

/** What an operation's call is about when it is not the tenant's own address. */
function emailedCalls(signupCode: string, loginCode: string): Partial<Record<Place['id'], Fields>> {
  return {
    'otp.requestSignup': { email: asksForSignup },
    'otp.completeSignup': { email: completesSignup, code: signupCode },
    'otp.completeLogin': { email: completesLogin, code: loginCode },
  };
}

async function setRoleOn({ deps }: TestApp, tenant: Tenant, role: Role | undefined): Promise<void> {
  await deps.store.write(async (trx) => {
    const { organizationId, userId } = tenant;
    if (role === undefined) await trx.deleteFrom('memberships').where('user_id', '=', userId).execute();
    else
      await trx
        .updateTable('memberships')
        .set({ role })
        .where('organization_id', '=', organizationId)
        .execute();
  });
}

/** Starts a server and fills it; codes for one sign-up and one log-in are out and valid until the clock is moved. */
export async function createStage(store: EmptyStore, options: StageOptions = {}): Promise<Stage> {
  const app = await startTestApp(store, options);
  const codeFor = options.codeFor ?? (async (email: string) => app.codeFor(email));
  const addTenant = (email: string, name: string) => addTenantTo(app, codeFor, email, name);
  const acme = await addTenant('owner@acme.example', 'Acme');
  const rival = await addTenant('owner@rival.example', 'Rival');
  await addTenant(completesLogin, 'Third');
  app.clock.advance(minuteMs);
  const loginCode = await request(app, 'login', completesLogin, codeFor);
  const signupCode = await request(app, 'signup', completesSignup, codeFor);
  const emailed = emailedCalls(signupCode, loginCode);
  const send = await openSender(app);
  return {
    app,
    acme,
    rival,
    send,
    addTenant,
    dump: (without) => dumpTables(app.deps.store, without),
    dumpBesidesAudit: (without) => dumpBesidesAudit(app.deps.store, without),
    mint: (family, holder, grant) => mintOn(app, family, holder, grant),
    async forget(keyId) {
      await app.deps.store.write((trx) => trx.deleteFrom('api_keys').where('id', '=', keyId).execute());
    },
    setRole: (tenant, role) => setRoleOn(app, tenant, role),
    goodInput({ id, operation }, tenant = acme) {
      const { organizationId, targetKeyId: keyId, email } = tenant;
      const own: Fields = { organizationId, keyId, email, ...emailed[id] };
      const named = Object.keys(operation.input.shape).filter((name) => name in own);
      // A log-in that names no organization is the good one: it is not the tenant who logs in.
      const patched = named.filter((name) => id !== 'otp.completeLogin' || name !== 'organizationId');
      const patch = Object.fromEntries(patched.map((name) => [name, own[name]]));
      return { ...(operation.example.input as Fields), ...patch };
    },
    close: () => app.close(),
  };
}
