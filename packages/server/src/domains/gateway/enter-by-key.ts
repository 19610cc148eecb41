import { type KeyFamily, parseKey } from '@latchkey/keys';
import {
  type CallerMethod,
  type CredentialAccess,
  type CredentialKind,
  LatchkeyError,
  type Scope,
} from '@latchkey/protocol';
import { decodeRateLimit } from '../../storage/index.ts';
import { roleIn } from '../accounts/index.ts';
import type { Door } from '../instances/index.ts';
import { refusalOf } from '../key-activity/index.ts';
import {
  type AuthenticatedKey,
  authenticate,
  authorize,
  digestsOf,
  malformed,
  refuseUnusable,
  unknownKey,
  wrongPlace,
} from '../keys/index.ts';
import type { GatewayDeps } from './deps.ts';
import type { Entrance, PresentedKey } from './entrance.ts';
import { namedLimit } from './rate-limits.ts';

const access = {
  kind: 'key',
  families: ['organization', 'personal', 'admin'],
  scope: 'workflows:trigger' satisfies Scope,
} as const satisfies CredentialAccess;

/** What an execution remembers of how a management key, or a person, has started it. */
export const managementMethods: Readonly<Partial<Record<CredentialKind, CallerMethod>>> = {
  organization: 'organization-key',
  personal: 'personal-key',
  admin: 'admin-key',
  session: 'session',
};

const belongs: Readonly<Record<KeyFamily, string>> = {
  organization: 'It belongs in X-Process-Manager-Key or Authorization: Bearer.',
  personal: 'It belongs in X-Process-Manager-Key or Authorization: Bearer.',
  admin: 'It belongs in X-Process-Manager-Key or Authorization: Bearer.',
  instance: 'It belongs in X-API-Key.',
  environment:
    'It is for APIs that verify it and for the operations of its environment. To trigger, send an instance key (ck_) or an organization key (cko_).',
};
const headerAdvice =
  'Send the key as X-API-Key. If others can read the logs on the way here, have it replaced.';

/**
 * The family of a key that came in a header of its own, or of an environment key, which has none here. Only an instance key may
 * stand in the URL (design of the four ways in).
 */
function checkCarrier({ secret, carrier }: PresentedKey): KeyFamily {
  const parsed = parseKey(secret);
  const { prefix = 'no known prefix' } = parsed;
  if (carrier === 'query' && prefix !== 'ck_') {
    const reason = `only instance keys (ck_) can stand there, and this starts with ${prefix}.`;
    const advice =
      'Send it in its header. If others can read the logs on the way here, revoke it and mint another.';
    throw new LatchkeyError('KEY_IN_URL_REFUSED', { fill: { reason, advice } });
  }
  if (!parsed.ok) throw malformed(parsed);
  const isOwnCarrier = carrier === 'query' || carrier === 'api-key-header';
  if (parsed.family === 'environment') return parsed.family;
  if ((parsed.family === 'instance') !== isOwnCarrier) {
    throw wrongPlace(prefix, belongs[parsed.family]);
  }
  return parsed.family;
}

/** Environment keys open no door; that one was sent here is counted, for whoever looks after it. */
async function refuseEnvironmentKey({ knownKeys }: GatewayDeps, secret: string): Promise<never> {
  const refusal = wrongPlace(parseKey(secret).prefix ?? '', belongs.environment);
  const known = await knownKeys.find(secret);
  throw known.kind === 'key' ? refusalOf(refusal, known.counted, 'the door of workflows') : refusal;
}

/** Why a string that is not the key of this instance is none: for that it is looked up. */
async function refuseForeignKey(deps: GatewayDeps, secret: string): Promise<never> {
  const known = await deps.knownKeys.find(secret);
  if (known.kind !== 'key') throw unknownKey('instance');
  refuseUnusable(known, deps.clock.now());
  throw new LatchkeyError('INSTANCE_MISMATCH');
}

function refuseQuery(): never {
  const reason = 'it is switched off for this process instance.';
  throw new LatchkeyError('KEY_IN_URL_REFUSED', { fill: { reason, advice: headerAdvice } });
}

async function enterByInstanceKey(
  deps: GatewayDeps,
  { secret, carrier }: PresentedKey,
  door: Door | undefined,
): Promise<Entrance> {
  const digests = digestsOf(deps.secrets, secret);
  const key = door?.key ?? null;
  if (door === undefined || key === null || !digests.includes(key.digest)) {
    return refuseForeignKey(deps, secret);
  }
  if (carrier === 'query' && !door.queryKeys) refuseQuery();
  return {
    caller: {
      method: carrier === 'query' ? 'query-key' : 'instance-key',
      keyId: key.keyId,
      signingSecretId: null,
      userId: null,
    },
    limits: [
      ...namedLimit('key', key.keyId, key.rateLimit),
      ...namedLimit('instance', door.instanceId, door.rateLimit),
    ],
    managementKeyId: null,
    used: { keyId: key.keyId, counted: key.counted },
  };
}

/**
 * An instance that is not the caller's: known to exist for a key of another organization, not for a stranger. Answers
 * the membership that it is the caller's by, where that is what counts.
 */
async function requireOwn(
  deps: GatewayDeps,
  { principal }: AuthenticatedKey,
  door: Door,
): Promise<Pick<Entrance, 'membership'>> {
  const { family, organizationId, userId } = principal;
  if (family === 'admin') return {};
  if (family === 'organization') {
    if (organizationId !== door.organizationId) throw new LatchkeyError('ORGANIZATION_MISMATCH');
    return {};
  }
  const role = userId === null ? undefined : await roleIn(deps.store.db, door.organizationId, userId);
  if (userId === null || role === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  return { membership: { organizationId: door.organizationId, userId } };
}

async function enterByManagementKey(
  deps: GatewayDeps,
  presented: PresentedKey,
  door: Door | undefined,
): Promise<Entrance> {
  const key = await authenticate(deps, presented);
  authorize(key, access);
  if (door === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  const own = await requireOwn(deps, key, door);
  const { id: keyId, family, rate_limit: rateLimit } = key.row;
  return {
    caller: {
      method: managementMethods[family] ?? 'organization-key',
      keyId,
      signingSecretId: null,
      userId: key.principal.userId,
    },
    limits: [
      ...namedLimit('key', keyId, decodeRateLimit(rateLimit)),
      ...namedLimit('instance', door.instanceId, door.rateLimit),
    ],
    managementKeyId: keyId,
    used: { keyId, counted: key.counted },
    ...own,
  };
}

/**
 * Who comes in by a key. Throws, in this order: what is wrong with the key itself (401), `SCOPE_MISSING`,
 * `INSTANCE_NOT_FOUND`, and `INSTANCE_MISMATCH` or `ORGANIZATION_MISMATCH` where it opens another door.
 */
export async function enterByKey(
  deps: GatewayDeps,
  presented: PresentedKey,
  door: Door | undefined,
): Promise<Entrance> {
  const family = checkCarrier(presented);
  if (family === 'environment') return refuseEnvironmentKey(deps, presented.secret);
  return family === 'instance'
    ? enterByInstanceKey(deps, presented, door)
    : enterByManagementKey(deps, presented, door);
}
