import {
  type ErrorCode,
  LatchkeyError,
  managesKeys,
  type Role,
  type Scope,
  scopesOfRole,
} from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { findOrganization, roleIn } from '../accounts/index.ts';
import { actsAsItsUser, type Principal } from '../keys/index.ts';

/** What a caller is in an organization, beside what the scopes of their key allow. */
export interface Standing {
  readonly organizationId: string;
  /** Whom they act as; null for a key that acts as nobody, which only its scopes bind. */
  readonly userId: string | null;
  /** None for nobody, and for the user of a key who has left. */
  readonly role: Role | undefined;
}

/**
 * What the caller is in the organization of something that exists; `missing` is what they get where they may not know
 * that it does. In a transaction the organization is held from here on: who changes roles takes turns. Call
 * `requireLive` before. Throws `ORGANIZATION_MISMATCH` for a key of another organization.
 */
export async function standingIn(
  db: Reader,
  principal: Principal,
  organizationId: string,
  missing: ErrorCode,
): Promise<Standing> {
  if ((await findOrganization(db, organizationId)) === undefined) throw new LatchkeyError(missing);
  if (principal.organizationId !== null && principal.organizationId !== organizationId) {
    throw new LatchkeyError('ORGANIZATION_MISMATCH');
  }
  const { userId } = principal;
  const role = userId === null ? undefined : await roleIn(db, organizationId, userId);
  if (role === undefined && actsAsItsUser(principal)) throw new LatchkeyError(missing);
  return { organizationId, userId, role };
}

/**
 * What the caller is in the organization that they name, or that their key is bound to. Throws
 * `ORGANIZATION_REQUIRED`, `ORGANIZATION_NOT_FOUND` and `ORGANIZATION_MISMATCH`.
 */
export async function requireOrganization(
  db: Reader,
  principal: Principal,
  named: string | undefined,
): Promise<Standing> {
  const organizationId = named ?? principal.organizationId;
  if (organizationId === null) throw new LatchkeyError('ORGANIZATION_REQUIRED');
  return standingIn(db, principal, organizationId, 'ORGANIZATION_NOT_FOUND');
}

/** Whether nothing of the organization is hidden: owners and admins, and keys that act as nobody. */
function seesAll({ userId, role }: Standing): boolean {
  return userId === null || (role !== undefined && managesKeys(role));
}

/** Whose things alone the caller sees, beside what is shared with everyone: null for nobody's, undefined for all. */
export function onlyOwner(standing: Standing): string | null | undefined {
  if (seesAll(standing)) return undefined;
  return standing.role === undefined ? null : standing.userId;
}

/** Something that not everybody in its organization sees. */
export interface Shared {
  /** Whose it is; they see it for as long as they belong to the organization. */
  readonly ownerId: string | null;
  readonly withEveryone: boolean;
}

/** Throws `NOT_SHARED` for what the caller may not see. */
export function requireSeen(standing: Standing, { ownerId, withEveryone }: Shared): void {
  const isOwner = standing.role !== undefined && ownerId === standing.userId;
  if (!seesAll(standing) && !isOwner && !withEveryone) throw new LatchkeyError('NOT_SHARED');
}

/** Throws `ROLE_INSUFFICIENT` unless the person whom the caller acts as holds the scope now. */
export function requireRoleScope({ userId, role }: Standing, scope: Scope): void {
  const held = userId === null || (role !== undefined && scopesOfRole(role).includes(scope));
  if (!held) throw new LatchkeyError('ROLE_INSUFFICIENT', { fill: { scope } });
}

/** Throws `ADMIN_REQUIRED` for whoever is neither owner nor admin; a key that acts as nobody passes. */
export function requireAdminStanding(standing: Standing): void {
  if (!seesAll(standing)) throw new LatchkeyError('ADMIN_REQUIRED');
}
