import { parseKey } from '@latchkey/keys';
import { LatchkeyError } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { decodeScopes } from '../../storage/index.ts';
import type { KeyDeps } from './deps.ts';
import { digestsOf } from './digests.ts';
import { stateOf } from './keys.rules.ts';
import { findByDigest, type KeyRow } from './keys.sql.ts';
import type { Principal } from './principal.ts';

/** A verified key: who is asking, and what is known of the key. */
export interface AuthenticatedKey {
  readonly principal: Principal;
  readonly row: KeyRow;
  readonly organizationName: string | null;
}

const belongs: Record<string, string> = {
  ck_: 'An instance key belongs in X-API-Key, on the trigger and status paths of its instance.',
  ck_dev_: 'An environment key belongs in x-api-key, on the operations of its environment.',
  ck_sandbox_: 'An environment key belongs in x-api-key, on the operations of its environment.',
  ck_live_: 'An environment key belongs in x-api-key, on the operations of its environment.',
};

/** Refuses what cannot be a management key, from the string alone. */
function checkForm(secret: string): void {
  const parsed = parseKey(secret);
  const prefix = parsed.prefix;
  if (prefix !== undefined && belongs[prefix] !== undefined) {
    throw new LatchkeyError('KEY_WRONG_PLACE', { fill: { prefix, belongs: belongs[prefix] } });
  }
  if (!parsed.ok) throw new LatchkeyError('KEY_MALFORMED', { internal: parsed.reason });
}

function toPrincipal(row: KeyRow): Principal {
  return {
    keyId: row.id,
    family: row.family,
    scopes: decodeScopes(row.scopes),
    organizationId: row.organization_id,
    userId: row.user_id,
  };
}

/**
 * Verifies a presented key, always against the database: a revoked key is refused from the moment its revocation
 * has committed. Scopes are not checked here. Throws `KEY_MALFORMED`, `KEY_WRONG_PLACE`, `KEY_UNKNOWN`,
 * `KEY_REVOKED` or `KEY_EXPIRED`.
 */
export async function authenticate(deps: KeyDeps, secret: string): Promise<AuthenticatedKey> {
  checkForm(secret);
  const found = await findByDigest(deps.store.db, digestsOf(deps.secrets, secret));
  if (found === undefined) throw new LatchkeyError('KEY_UNKNOWN');
  const { organization_name: organizationName, ...row } = found;
  const now = deps.clock.now();
  if (row.revoked_at !== null) {
    throw new LatchkeyError('KEY_REVOKED', { fill: { revokedAt: toIso(row.revoked_at) } });
  }
  if (stateOf(row, now) === 'expired') {
    throw new LatchkeyError('KEY_EXPIRED', { fill: { expiredAt: toIso(row.expires_at ?? now) } });
  }
  deps.lastUsed.touch(row.id, now);
  return { principal: toPrincipal(row), row, organizationName };
}
