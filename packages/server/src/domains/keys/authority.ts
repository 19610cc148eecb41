import {
  grantableBy,
  LatchkeyError,
  managesKeys,
  organizationScopes,
  type Role,
  type Scope,
  scopesOfRole,
} from '@latchkey/protocol';
import { decodeRestrictions, type Reader, type Restrictions } from '../../storage/index.ts';
import { findOrganization, roleIn } from '../accounts/index.ts';
import type { KeyDeps } from './deps.ts';
import { findById, liveScopes } from './keys.sql.ts';
import type { Principal } from './principal.ts';
import { unknownKey } from './refusals.ts';
import { unbound } from './restrictions.ts';

/** What deciding on authority works with. */
export type AuthorityDeps = Pick<KeyDeps, 'sessions'>;

/** What a caller who manages the keys of an organization may hand out there. */
export interface Authority {
  readonly organizationName: string;
  readonly grantable: ReadonlySet<Scope>;
}

/**
 * Throws unless the caller may manage the keys of the organization, in the order of contract/codika.md D.0: it
 * exists, it is the caller's, the role allows it. Call it inside the transaction that changes something: it also
 * refuses a caller whose own key or session has ended since it was verified.
 */
export async function requireAuthority(
  deps: AuthorityDeps,
  db: Reader,
  principal: Principal,
  organizationId: string,
  now: number,
): Promise<Authority> {
  await requireLive(deps, db, principal, now);
  const organization = await findOrganization(db, organizationId);
  if (organization === undefined) throw new LatchkeyError('ORGANIZATION_NOT_FOUND');
  if (principal.organizationId !== null && principal.organizationId !== organizationId) {
    throw new LatchkeyError('ORGANIZATION_MISMATCH');
  }
  return { organizationName: organization.name, grantable: await grantableIn(db, principal, organizationId) };
}

/**
 * Refuses a caller whose key or session has ended, or whose key was narrowed, since it was verified: a body may arrive
 * long after its headers. In a transaction the key or session is held first of all rows, until what it is used for has
 * happened. Throws `SESSION_INVALID`, `KEY_UNKNOWN` or `SCOPE_MISSING`.
 */
export async function requireLive(
  deps: AuthorityDeps,
  db: Reader,
  { keyId, sessionId, scopes }: Principal,
  now: number,
): Promise<void> {
  const internal = 'ended meanwhile';
  if (sessionId !== null && !(await deps.sessions.isLive(db, sessionId, now))) {
    throw new LatchkeyError('SESSION_INVALID', { internal });
  }
  if (keyId === null) return;
  const held = await liveScopes(db, keyId, now);
  if (held === undefined) throw unknownKey('other', internal);
  const lost = scopes.find((scope) => !held.includes(scope));
  if (lost !== undefined) throw new LatchkeyError('SCOPE_MISSING', { details: { scope: lost } });
}

/** What whoever asks is bound to; a session is bound to nothing. Call `requireLive` first: it holds the key. */
export async function boundsOf(db: Reader, { keyId }: Principal): Promise<Restrictions> {
  const row = keyId === null ? undefined : await findById(db, keyId);
  return row === undefined ? unbound : decodeRestrictions(row);
}

/** A signed-in person as a member of an organization. */
export interface Member {
  readonly userId: string;
  readonly role: Role;
  readonly organizationName: string;
}

/**
 * The caller as a member of the organization; one that they do not belong to does not exist for them. Call it inside
 * the transaction that changes something, like `requireAuthority`. Throws `ORGANIZATION_NOT_FOUND`.
 */
export async function requireMember(
  deps: AuthorityDeps,
  db: Reader,
  principal: Principal,
  organizationId: string,
  now: number,
): Promise<Member> {
  await requireLive(deps, db, principal, now);
  const { userId } = principal;
  const organization = await findOrganization(db, organizationId);
  const role = userId === null ? undefined : await roleIn(db, organizationId, userId);
  if (userId === null || role === undefined || organization === undefined) {
    throw new LatchkeyError('ORGANIZATION_NOT_FOUND');
  }
  return { userId, role, organizationName: organization.name };
}

/** Throws `ADMIN_REQUIRED` unless the member is an owner or admin. */
export function requireAdmin({ role }: Member): void {
  if (!managesKeys(role)) throw new LatchkeyError('ADMIN_REQUIRED');
}

/**
 * An admin key hands out everything; a personal key and a session what their user's role holds; an organization key
 * its own scopes as far as its user's role still holds them (design/product.md, "Levels as capability sets").
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
  return grantableBy(
    actsAsItsUser(principal) ? held : held.filter((scope) => principal.scopes.includes(scope)),
  );
}

/** Personal keys and sessions: bound to a person and to no organization. */
export function actsAsItsUser({ family }: Principal): boolean {
  return family === 'personal' || family === 'session';
}
