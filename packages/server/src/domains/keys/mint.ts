import { generateKey, keyPrefixOf, type PlainFamily } from '@latchkey/keys';
import { LatchkeyError, type RateLimit, type Scope } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import {
  encodeRateLimit,
  encodeRestrictions,
  encodeScopes,
  type Restrictions,
  type Writer,
} from '../../storage/index.ts';
import type { KeyDeps } from './deps.ts';
import { digestForNewKey } from './digests.ts';
import { activeLimits } from './keys.rules.ts';
import { type Bucket, countActive, insertKey, lockBucket } from './keys.sql.ts';

/** A key to be made; scopes and expiry have been checked. */
export interface MintRequest extends Bucket {
  readonly family: PlainFamily;
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
  /** None unless told. */
  readonly rateLimit?: RateLimit | null | undefined;
  /** None unless told. */
  readonly restrictions?: Restrictions | undefined;
}

/** A new key. `secret` exists here and in the caller's answer, and is never written down. */
export interface Minted {
  readonly secret: string;
  readonly shown: {
    keyId: string;
    keyPrefix: string;
    name: string;
    scopes: Scope[];
    createdAt: string;
    expiresAt?: string;
  };
}

async function refuseOverLimit(trx: Writer, bucket: Bucket, now: number): Promise<void> {
  const limit = activeLimits[bucket.family];
  if (limit === undefined) return;
  await lockBucket(trx, bucket);
  if ((await countActive(trx, bucket, now)) >= limit) {
    throw new LatchkeyError('MAX_API_KEYS_REACHED', { details: { limit } });
  }
}

/**
 * Makes a key in the caller's transaction. The active limit of the family holds exactly for any number of callers.
 * Whether the caller may make it has been checked before. Throws `MAX_API_KEYS_REACHED`.
 */
export async function mintKey(
  trx: Writer,
  deps: Pick<KeyDeps, 'secrets' | 'random'>,
  request: MintRequest,
  now: number,
): Promise<Minted> {
  await refuseOverLimit(trx, request, now);
  const secret = generateKey(request.family, deps.random.bytes);
  const keyId = deps.random.uuid();
  await insertKey(trx, {
    id: keyId,
    family: request.family,
    digest: digestForNewKey(deps.secrets, secret),
    prefix: keyPrefixOf(secret),
    name: request.name,
    description: request.description,
    scopes: encodeScopes(request.scopes),
    organization_id: request.organizationId,
    user_id: request.userId,
    created_at: now,
    updated_at: now,
    expires_at: request.expiresAt,
    revoked_at: null,
    last_used_at: null,
    rate_limit: encodeRateLimit(request.rateLimit ?? null),
    ...(request.restrictions && encodeRestrictions(request.restrictions)),
  });
  const { name, scopes, expiresAt } = request;
  return {
    secret,
    shown: {
      keyId,
      keyPrefix: keyPrefixOf(secret),
      name,
      scopes: [...scopes],
      createdAt: toIso(now),
      ...(expiresAt !== null && { expiresAt: toIso(expiresAt) }),
    },
  };
}
