import type { Role } from '@latchkey/protocol';
import type { Selectable } from 'kysely';
import type { InvitationsTable, Reader, Writer } from '../../storage/index.ts';

export type InvitationRow = Selectable<InvitationsTable>;

/** A person in an organization. */
export interface MemberRow {
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  readonly since: number;
}

function members(db: Reader, organizationId: string) {
  return db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select([
      'users.id as userId',
      'users.email as email',
      'memberships.role as role',
      'memberships.created_at as since',
    ])
    .where('memberships.organization_id', '=', organizationId);
}

/** Oldest first. */
export async function listMembers(db: Reader, organizationId: string): Promise<MemberRow[]> {
  return members(db, organizationId).orderBy('memberships.created_at').orderBy('users.email').execute();
}

/** Those of these people who belong to it, in no order. */
export async function findMembers(
  db: Reader,
  organizationId: string,
  userIds: readonly string[],
): Promise<MemberRow[]> {
  if (userIds.length === 0) return [];
  return members(db, organizationId).where('users.id', 'in', userIds).execute();
}

export async function findMember(
  db: Reader,
  organizationId: string,
  userId: string,
): Promise<MemberRow | undefined> {
  return members(db, organizationId).where('users.id', '=', userId).executeTakeFirst();
}

export async function isMemberByEmail(db: Reader, organizationId: string, email: string): Promise<boolean> {
  const row = await members(db, organizationId).where('users.email', '=', email).executeTakeFirst();
  return row !== undefined;
}

/** The caller holds the organization, or the count may be of before. */
export async function countOwners(trx: Writer, organizationId: string): Promise<number> {
  const row = await trx
    .selectFrom('memberships')
    .select((eb) => eb.fn.countAll<number>().as('owners'))
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow();
  return Number(row.owners);
}

export async function updateRole(
  trx: Writer,
  organizationId: string,
  userId: string,
  role: Role,
): Promise<void> {
  await trx
    .updateTable('memberships')
    .set({ role })
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute();
}

export async function deleteMembership(trx: Writer, organizationId: string, userId: string): Promise<void> {
  await trx
    .deleteFrom('memberships')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute();
}

/** Oldest first, with the address of whoever sent each. */
export async function listInvitations(
  db: Reader,
  organizationId: string,
): Promise<(InvitationRow & { inviter: string | null })[]> {
  return db
    .selectFrom('invitations')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .selectAll('invitations')
    .select('users.email as inviter')
    .where('organization_id', '=', organizationId)
    .orderBy('invitations.created_at')
    .orderBy('invitations.email')
    .execute();
}

/** The invitations of an address, oldest first, with the names of the organizations and the addresses of who sent them. */
export async function invitationsTo(
  db: Reader,
  email: string,
): Promise<(InvitationRow & { organization_name: string; inviter: string | null })[]> {
  return db
    .selectFrom('invitations')
    .innerJoin('organizations', 'organizations.id', 'invitations.organization_id')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .selectAll('invitations')
    .select(['organizations.name as organization_name', 'users.email as inviter'])
    .where('invitations.email', '=', email)
    .orderBy('invitations.created_at')
    .orderBy('invitations.id')
    .execute();
}

/** The caller holds the organization. */
export async function countInvitations(trx: Writer, organizationId: string): Promise<number> {
  const row = await trx
    .selectFrom('invitations')
    .select((eb) => eb.fn.countAll<number>().as('pending'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return Number(row.pending);
}

export async function findInvitation(
  db: Reader,
  organizationId: string,
  email: string,
): Promise<InvitationRow | undefined> {
  return db
    .selectFrom('invitations')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('email', '=', email)
    .executeTakeFirst();
}

export async function insertInvitation(trx: Writer, row: InvitationRow): Promise<void> {
  await trx.insertInto('invitations').values(row).execute();
}

/** An invitation that is sent again counts as sent now, by whoever sent it last. */
export async function renewInvitation(
  trx: Writer,
  { id, role, invited_by, created_at }: InvitationRow,
): Promise<void> {
  await trx.updateTable('invitations').set({ role, invited_by, created_at }).where('id', '=', id).execute();
}

/** Takes an invitation out, if it is still there: whoever accepts it or withdraws it, only one gets it. */
export async function takeInvitation(trx: Writer, id: string): Promise<InvitationRow | undefined> {
  return trx.deleteFrom('invitations').where('id', '=', id).returningAll().executeTakeFirst();
}

export async function deleteInvitationTo(trx: Writer, organizationId: string, email: string): Promise<void> {
  await trx
    .deleteFrom('invitations')
    .where('organization_id', '=', organizationId)
    .where('email', '=', email)
    .execute();
}
