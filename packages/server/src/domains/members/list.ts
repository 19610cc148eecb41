import { type Input, managesKeys, type Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { type KeyDeps, type Principal, requireMember } from '../keys/index.ts';
import { type InvitationRow, listInvitations, listMembers, type MemberRow } from './members.sql.ts';

/** A member as operations answer it. */
export function shownMember({ userId, email, role, since }: MemberRow) {
  return { memberId: userId, email, role, since: toIso(since) };
}

/** A pending invitation as operations answer it. */
export function shownInvitation({ id, email, role, created_at }: InvitationRow, invitedBy: string | null) {
  return { memberId: id, email, role, invitedBy, invitedAt: toIso(created_at) };
}

/** The members of an organization and, for those who decide on them, the pending invitations. */
export async function listOfMembers(
  deps: KeyDeps,
  principal: Principal,
  { organizationId }: Input<'members.list'>,
): Promise<Output<'members.list'>> {
  const { db } = deps.store;
  const { role } = await requireMember(deps, db, principal, organizationId, deps.clock.now());
  const members = await listMembers(db, organizationId);
  const invitations = managesKeys(role) ? await listInvitations(db, organizationId) : [];
  return {
    members: members.map(shownMember),
    invitations: invitations.map(({ inviter, ...row }) => shownInvitation(row, inviter)),
  };
}
