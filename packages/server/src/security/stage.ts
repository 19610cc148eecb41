import { generateKey, type PlainFamily } from '@latchkey/keys';
import type { Role } from '@latchkey/protocol';
import { type EmptyStore, startTestApp, type TestApp, type TestAppOptions } from '@latchkey/testkit';
import { createApp } from '../app.ts';
import { minuteMs } from '../platform/clock.ts';
import type { Fields, Place, SentRequest } from './places.ts';
import { type Dump, dumpBesidesAudit, dumpTables, type Kept, keepTables } from './tables.ts';
import {
  beginSession,
  type EnvironmentGrant,
  equip,
  type Grant,
  mint,
  mintForEnvironment,
  type SessionGrant,
  setRole,
  type Tenant,
} from './tenants.ts';

/** For tests: one answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every operation
  readonly body: any;
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
  /** Remembers what there is; `restore` brings it back, so that a call that succeeded can be made again. */
  keep(): Promise<Kept>;
  mint(family: PlainFamily, holder: Tenant, grant?: Grant): Promise<{ secret: string; keyId: string }>;
  mintForEnvironment(holder: Tenant, grant?: EnvironmentGrant): Promise<{ secret: string; keyId: string }>;
  beginSession(holder: Tenant, grant?: SessionGrant): Promise<string>;
  /** Makes room for another key: twenty may be active. */
  forget(keyId: string): Promise<void>;
  /** Signs up and makes a credential of every kind. */
  addTenant(email: string, organizationName: string): Promise<Tenant>;
  /** Gives the owner another role, or none. */
  setRole(tenant: Tenant, role: Role | undefined): Promise<void>;
  /** The headers of a tenant's credential that an operation accepts; none where it is public. */
  credentialFor(place: Place, tenant?: Tenant): Record<string, string>;
  /** The input of a call that succeeds with it, from the example of the operation. */
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
  const { organizationId, apiKey } = answer.body.data;
  return equip(app, email, organizationId, apiKey.raw);
}

const verifier = 'of-the-stage';

/** Whole, and of nobody. */
const neverIssued = generateKey('organization');

/** What an operation's call is about when it is not what is there already. */
function callsOfTheirOwn(
  signupCode: string,
  loginCode: string,
  { targets }: Tenant,
): Partial<Record<Place['id'], Fields>> {
  return {
    'otp.requestSignup': { email: asksForSignup },
    'otp.completeSignup': { email: completesSignup, code: signupCode },
    'otp.completeLogin': { email: completesLogin, code: loginCode },
    'keys.reportLeaked': { key: neverIssued },
    'members.invite': { email: 'invited@example.com' },
    'workspaces.create': { slug: 'not-there-yet' },
    'workspaces.delete': { slug: targets.doomedSlug },
    'instances.activate': { processInstanceId: targets.pausedInstanceId },
    'instances.create': { workflows: [{ workflowId: 'main', targetUrl: 'http://127.0.0.1:9/' }] },
    // One that knows nothing is answered at once; the others wait for news, by a clock that stands still here.
    'verifiers.renewLease': { verifier, applied: null, waitMs: 0 },
    'verifiers.releaseLease': { verifier },
    'signingSecrets.add': { scheme: 'standard', secret: `whsec_${btoa('sixteen bytes or more')}` },
  };
}

/** Of the kinds that an operation accepts, the one that can do most. */
function credentialOf({ keys, session }: Tenant, { operation: { access } }: Place): Record<string, string> {
  if (access.kind !== 'key') return {};
  const family = (['personal', 'admin'] as const).find((each) => access.families.includes(each));
  if (family !== undefined) return { 'x-process-manager-key': keys[family] };
  if (access.families.includes('session')) return { authorization: `Bearer ${session}` };
  if (access.families.includes('organization')) return { 'x-process-manager-key': keys.organization };
  return { 'x-api-key': keys.environment };
}

/** What was brought back behind its back, the server has to be told of; no verifier is waited for that is not there. */
async function forgetKeys(
  { deps: { store, revocations } }: TestApp,
  tenants: readonly Tenant[],
): Promise<void> {
  for (const { organizationId } of tenants) revocations.verifiers.release(organizationId, verifier);
  const keys = await store.db.selectFrom('api_keys').select('id').execute();
  const changed = keys.map(({ id: keyId }) => ({ keyId, organizationId: null }));
  await revocations.settle(await store.write((trx) => revocations.invalidate(trx, changed)));
}

async function keep(app: TestApp, tenants: readonly Tenant[]): Promise<Kept> {
  const kept = await keepTables(app.deps.store);
  return {
    async restore() {
      await kept.restore();
      await forgetKeys(app, tenants);
    },
  };
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
  return {
    app,
    acme,
    rival,
    send: await openSender(app),
    addTenant,
    dump: (without) => dumpTables(app.deps.store, without),
    dumpBesidesAudit: (without) => dumpBesidesAudit(app.deps.store, without),
    keep: () => keep(app, [acme, rival]),
    mint: (family, holder, grant) => mint(app, family, holder, grant),
    mintForEnvironment: (holder, grant) => mintForEnvironment(app, holder, grant),
    beginSession: (holder, grant) => beginSession(app, holder.userId, grant),
    async forget(keyId) {
      await app.deps.store.write((trx) => trx.deleteFrom('api_keys').where('id', '=', keyId).execute());
    },
    setRole: (tenant, role) => setRole(app, tenant, role),
    credentialFor: (place, tenant = acme) => credentialOf(tenant, place),
    goodInput({ id, operation }, tenant = acme) {
      const { organizationId, email, targets } = tenant;
      const calls = callsOfTheirOwn(signupCode, loginCode, tenant);
      const own: Fields = { organizationId, ...targets, email, ...calls[id] };
      const named = Object.keys(operation.input.shape).filter((name) => name in own);
      // A log-in that names no organization is the good one: it is not the tenant who logs in.
      const patched = named.filter((name) => id !== 'otp.completeLogin' || name !== 'organizationId');
      const patch = Object.fromEntries(patched.map((name) => [name, own[name]]));
      return { ...(operation.example.input as Fields), ...patch };
    },
    close: () => app.close(),
  };
}
