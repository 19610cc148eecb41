import { type Environment, type ParsedKey, parseKey } from '@latchkey/keys';
import { allScopes, type CredentialAccess, knowsEnvironmentKeys, LatchkeyError } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { type CountedKey, refusalOf } from '../key-activity/index.ts';
import { refuseAddress } from './allowed-addresses.ts';
import type { KeyDeps } from './deps.ts';
import { stateOf } from './keys.rules.ts';
import type { Known } from './known-key.ts';
import type { VerifiedRow } from './known-keys.sql.ts';
import type { Principal } from './principal.ts';
import { malformed, refuseUnusable, unknownKey, wrongPlace } from './refusals.ts';
import type { Session } from './sessions.ts';

/** A verified key: who is asking, and what is known of the key. */
export interface AuthenticatedKey {
  readonly kind: 'key';
  readonly principal: Principal;
  readonly row: VerifiedRow;
  /**
   * What is counted of it, where it is used for something else than being verified; nothing of an admin key, which
   * belongs to no organization that could be shown what it does.
   */
  readonly counted: CountedKey | undefined;
  /** The same where it asks about other keys: what the organization counts then is the verdict, once. */
  readonly asking: CountedKey;
  readonly organizationName: string | null;
  /** The number of the last change that it was read after. */
  readonly asOf: number;
}

/** A verified session: who is asking, and since when they are signed in. */
export interface AuthenticatedSession {
  readonly kind: 'session';
  readonly principal: Principal;
  readonly session: Session;
}

/** Whoever is asking, verified. */
export type Credential = AuthenticatedKey | AuthenticatedSession;

/** A credential as a request carries it, not verified. */
export interface Presented {
  readonly secret: string;
  /** The network address that the request came from. */
  readonly ip: string;
  /** X-Process-Manager-Key, Authorization: Bearer, X-API-Key, or the cookie of the dashboard. */
  readonly carrier: 'key-header' | 'bearer' | 'api-key-header' | 'cookie';
}

const environmentKeyBelongs =
  'An environment key belongs in x-api-key or Authorization: Bearer, on the operations of its environment and on APIs that verify it.';
const managementKeyBelongs =
  'This key belongs in X-Process-Manager-Key or Authorization: Bearer, where its family is accepted.';
const belongs: Record<string, string> = {
  ck_: 'An instance key belongs in X-API-Key, on the trigger and status paths of its instance.',
  ck_dev_: environmentKeyBelongs,
  ck_sandbox_: environmentKeyBelongs,
  ck_live_: environmentKeyBelongs,
};

/** Refuses what is no management key by its prefix. */
function checkPrefix(secret: string): void {
  // What all prefixes have that do not belong here, and no other.
  if (!secret.startsWith('ck_')) return;
  const { prefix = '' } = parseKey(secret);
  const where = belongs[prefix];
  if (where !== undefined) throw wrongPlace(prefix, where);
}

function requireUsable(deps: KeyDeps, known: Known, presented: Pick<Presented, 'ip'>): AuthenticatedKey {
  if (known.kind === 'malformed') throw malformed(known.parsed);
  if (known.kind === 'absent') throw unknownKey('other');
  const { row } = known;
  const now = deps.clock.now();
  refuseUnusable(known, now);
  if (stateOf(row, now) === 'expired') {
    const fill = { expiredAt: toIso(row.expires_at ?? now) };
    throw refusalOf(new LatchkeyError('KEY_EXPIRED', { fill }), known.counted);
  }
  if (row.allowed_addresses !== null) refuseAddress(known, presented.ip);
  return known;
}

/**
 * Verifies a management key: at once where it is known, and no longer than its revocation takes to be answered. Scopes
 * are not checked here, and no use is noted (`use.ts`). Throws `KEY_MALFORMED`, `KEY_WRONG_PLACE`, `KEY_UNKNOWN`, `KEY_REVOKED`, `KEY_DISABLED`,
 * `KEY_EXPIRED` or `KEY_NOT_ALLOWED_HERE`.
 */
export function authenticate(
  deps: KeyDeps,
  presented: Pick<Presented, 'secret' | 'ip'>,
): AuthenticatedKey | Promise<AuthenticatedKey> {
  checkPrefix(presented.secret);
  const known = deps.knownKeys.find(presented.secret);
  return known instanceof Promise
    ? known.then((each) => requireUsable(deps, each, presented))
    : requireUsable(deps, known, presented);
}

/** What the prefix alone says comes before any lookup (contract/culvii.md F.2). */
function checkEnvironment({ prefix = '' }: ParsedKey, environment: Environment | undefined): void {
  const keyEnvironment = environmentOfPrefix[prefix];
  if (keyEnvironment === undefined || environment === undefined || keyEnvironment === environment) return;
  throw new LatchkeyError('KEY_ENVIRONMENT_MISMATCH', { details: { keyEnvironment, environment } });
}

const environmentOfPrefix: Readonly<Record<string, Environment>> = {
  ck_dev_: 'dev',
  ck_sandbox_: 'sandbox',
  ck_live_: 'prod',
};

/**
 * Verifies an environment key, for the environment of the path where there is one. It is looked up by the digest of
 * the whole string, so that a changed prefix moves no key.
 * Throws `KEY_ENVIRONMENT_MISMATCH`, `KEY_INVALID`, `KEY_WRONG_PLACE`, `KEY_REVOKED`, `KEY_DISABLED` or
 * `KEY_NOT_ALLOWED_HERE`.
 */
async function authenticateEnvironmentKey(
  deps: KeyDeps,
  { secret, ip }: Presented,
  environment: Environment | undefined,
): Promise<AuthenticatedKey> {
  const parsed = parseKey(secret);
  checkEnvironment(parsed, environment);
  if (!parsed.ok) throw new LatchkeyError('KEY_INVALID', { internal: parsed.reason });
  if (parsed.family !== 'environment') {
    throw wrongPlace(parsed.prefix, belongs[parsed.prefix] ?? managementKeyBelongs);
  }
  const known = await deps.knownKeys.find(secret);
  if (known.kind !== 'key' || known.row.environment !== parsed.environment) {
    throw new LatchkeyError('KEY_INVALID');
  }
  refuseUnusable(known, deps.clock.now());
  refuseAddress(known, ip);
  return known;
}

/** Verifies an instance key, whatever its instance is. Throws `KEY_UNKNOWN` or `KEY_REVOKED`. */
async function authenticateInstanceKey(deps: KeyDeps, { secret }: Presented): Promise<AuthenticatedKey> {
  const known = await deps.knownKeys.find(secret);
  if (known.kind !== 'key') throw unknownKey('instance');
  refuseUnusable(known, deps.clock.now());
  return known;
}

async function authenticateSession(deps: KeyDeps, token: string): Promise<AuthenticatedSession> {
  const session = await deps.sessions.authenticate(token);
  const { sessionId, userId } = session;
  const principal = {
    family: 'session',
    keyId: null,
    sessionId,
    scopes: allScopes,
    organizationId: null,
    userId,
  } as const;
  return { kind: 'session', principal, session };
}

/** Whether a string is to be read as an environment key, or as what should have been one. */
function isForEnvironment({ secret, carrier }: Presented, access: CredentialAccess): boolean {
  if (!knowsEnvironmentKeys(access) || carrier === 'key-header') return false;
  if (carrier === 'api-key-header') return true;
  const parsed = parseKey(secret);
  const { prefix } = parsed;
  if (prefix === undefined) return access.families.includes('environment');
  // `ck_prod_…` starts with the prefix of instance keys, and is none.
  return environmentOfPrefix[prefix] !== undefined || (prefix === 'ck_' && !parsed.ok);
}

/** Whether it is a whole instance key, where such a key may be: the door verifies its own. */
function isOfInstance({ secret, carrier }: Presented, { families }: CredentialAccess): boolean {
  if (!families.includes('instance') || carrier !== 'api-key-header') return false;
  const parsed = parseKey(secret);
  return parsed.ok && parsed.family === 'instance';
}

/**
 * Verifies what a request carries, as far as the operation knows its kind: a Bearer without the prefix of a key is
 * the token of a session, as the cookie of the dashboard always is. `environment` is the one that the path names. Whether the credential may do what it asks
 * for is not checked here.
 */
export function verify(
  deps: KeyDeps,
  presented: Presented,
  access: CredentialAccess,
  environment: Environment | undefined,
): Credential | Promise<Credential> {
  const { secret, carrier } = presented;
  if (carrier === 'cookie') return authenticateSession(deps, secret);
  // To parse a key takes longer than to find it: not for operations that know no sessions.
  const isToken = () => carrier === 'bearer' && parseKey(secret).prefix === undefined;
  if (access.families.includes('session') && isToken()) return authenticateSession(deps, secret);
  if (isOfInstance(presented, access)) return authenticateInstanceKey(deps, presented);
  if (isForEnvironment(presented, access)) return authenticateEnvironmentKey(deps, presented, environment);
  if (carrier !== 'api-key-header') return authenticate(deps, presented);
  const { prefix = 'something else' } = parseKey(secret);
  throw wrongPlace(prefix, 'This operation takes its key as X-Process-Manager-Key or Authorization: Bearer.');
}
