import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import {
  changeKeys,
  type KeyDeps,
  type Member,
  type Principal,
  personalKeysOf,
  requireAdmin,
  requireMember,
} from '../keys/index.ts';
import { takeGrantsIn } from '../workspaces/index.ts';
import { refuseLastOwner } from './change-role.ts';
import { refuseGreaterRole } from './members.rules.ts';
import {
  deleteInvitationTo,
  deleteMembership,
  findMember,
  listInvitations,
  type MemberRow,
  takeInvitation,
} from './members.sql.ts';

/** A pending invitation to the address goes too, so that nobody who was removed comes back by an old one. */
async function removeMembership(trx: Writer, organizationId: string, { userId, email }: MemberRow) {
  await deleteMembership(trx, organizationId, userId);
  await takeGrantsIn(trx, organizationId, userId);
  await deleteInvitationTo(trx, organizationId, email);
}

async function withdraw(
  trx: Writer,
  caller: Member,
  organizationId: string,
  invitationId: string,
): Promise<string> {
  const invitations = await listInvitations(trx, organizationId);
  const invitation = invitations.find(({ id }) => id === invitationId);
  if (invitation === undefined) throw new LatchkeyError('MEMBER_NOT_FOUND');
  refuseGreaterRole(caller.role, invitation.role);
  await takeInvitation(trx, invitationId);
  return invitation.email;
}

/**
 * Removes a member, lets one leave, or withdraws an invitation. No key is changed (contract/culvii.md C.4); once this
 * resolves, nobody takes their personal keys for those of a member.
 */
export async function removeMember(
  deps: KeyDeps & Audited,
  principal: Principal,
  { organizationId, memberId }: Input<'members.remove'>,
): Promise<Output<'members.remove'>> {
  const now = deps.clock.now();
  const { answer } = await changeKeys(deps, async (trx) => {
    const caller = await requireMember(deps, trx, principal, organizationId, now);
    if (memberId !== caller.userId) requireAdmin(caller);
    const member = await findMember(trx, organizationId, memberId);
    if (member === undefined) {
      const email = await withdraw(trx, caller, organizationId, memberId);
      await deps.audit.record(trx, { organizationId, id: memberId, details: { email, invitation: true } });
      return { answer: { memberId, email }, changed: [] };
    }
    deps.audit.about({ id: memberId });
    refuseGreaterRole(caller.role, member.role);
    await refuseLastOwner(trx, organizationId, member);
    await removeMembership(trx, organizationId, member);
    const { email } = member;
    await deps.audit.record(trx, { organizationId, id: memberId, details: { email } });
    const keyIds = await personalKeysOf(trx, memberId, now);
    return { answer: { memberId, email }, changed: keyIds.map((keyId) => ({ keyId, organizationId })) };
  });
  return answer;
}
