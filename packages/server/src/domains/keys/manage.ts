import { grantableBy, LatchkeyError, organizationScopes, type Scope } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { type AuthorityDeps, actsAsItsUser, requireAuthority, requireLive } from './authority.ts';
import { findById, type KeyRow } from './keys.sql.ts';
import type { Principal } from './principal.ts';

/** A key that the caller may change, and what they may put into it. */
export interface ManagedKey {
  readonly row: KeyRow;
  readonly grantable: ReadonlySet<Scope>;
}

/**
 * Finds a key that the caller may manage: one of an organization where they have authority, a personal key of
 * their own, or any with an admin key. Throws `KEY_NOT_FOUND` for one that does not exist or that they may not
 * know of, `ORGANIZATION_MISMATCH` and `ROLE_REQUIRED` as for the organization.
 */
export async function requireManaged(
  deps: AuthorityDeps & Audited,
  db: Reader,
  principal: Principal,
  keyId: string,
  now: number,
): Promise<ManagedKey> {
  const row = await findById(db, keyId);
  if (row === undefined || row.family === 'instance' || row.family === 'environment') {
    throw new LatchkeyError('KEY_NOT_FOUND');
  }
  deps.audit.about({ id: keyId });
  if (row.organization_id !== null) {
    return {
      row,
      grantable: (await requireAuthority(deps, db, principal, row.organization_id, now)).grantable,
    };
  }
  await requireLive(deps, db, principal, now);
  if (principal.family === 'admin')
    return { row, grantable: new Set([...organizationScopes, 'organizations:create']) };
  const own = row.family === 'personal' && actsAsItsUser(principal) && row.user_id === principal.userId;
  if (!own) throw new LatchkeyError('KEY_NOT_FOUND');
  return { row, grantable: grantableBy(principal.scopes) };
}
