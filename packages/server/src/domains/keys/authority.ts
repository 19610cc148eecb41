import { LatchkeyError, managesKeys, organizationScopes, type Scope, scopesOfRole } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { findOrganization, roleIn } from '../accounts/index.ts';
import { isLive } from './keys.sql.ts';
import type { Principal } from './principal.ts';

/** What a caller who manages the keys of an organization may hand out there. */
export interface Authority {
  readonly organizationName: string;
  readonly grantable: ReadonlySet<Scope>;
}

/**
 * Throws unless the caller may manage the keys of the organization, in the order of contract/codika.md D.0: it
 * exists, it is the caller's, the role allows it. Call it inside the transaction that changes something: it also
 * refuses a caller whose own key was revoked since it was verified.
 */
export async function requireAuthority(
  db: Reader,
  principal: Principal,
  organizationId: string,
  now: number,
): Promise<Authority> {
  const organization = await findOrganization(db, organizationId);
  if (organization === undefined) throw new LatchkeyError('ORGANIZATION_NOT_FOUND');
  if (principal.organizationId !== null && principal.organizationId !== organizationId) {
    throw new LatchkeyError('ORGANIZATION_MISMATCH');
  }
  await requireLive(db, principal, now);
  return { organizationName: organization.name, grantable: await grantableIn(db, principal, organizationId) };
}

/** Refuses a caller whose key has ended since it was verified. */
export async function requireLive(db: Reader, principal: Principal, now: number): Promise<void> {
  if (!(await isLive(db, principal.keyId, now)))
    throw new LatchkeyError('KEY_UNKNOWN', { internal: 'ended meanwhile' });
}

/**
 * An admin key hands out everything; a personal key what its user's role holds; an organization key its own scopes
 * as far as its user's role still holds them (design/product.md, "Levels as capability sets").
 */
async function grantableIn(
  db: Reader,
  principal: Principal,
  organizationId: string,
): Promise<ReadonlySet<Scope>> {
  if (principal.family === 'admin') return new Set(organizationScopes);
  const role = principal.userId === null ? undefined : await roleIn(db, organizationId, principal.userId);
  if (role === undefined || !managesKeys(role)) throw new LatchkeyError('ROLE_REQUIRED');
  const held = scopesOfRole(role);
  return new Set(
    principal.family === 'personal' ? held : held.filter((scope) => principal.scopes.includes(scope)),
  );
}
