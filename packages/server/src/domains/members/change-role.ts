import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import {
  changeKeys,
  type KeyDeps,
  type Principal,
  personalKeysOf,
  requireAdmin,
  requireMember,
} from '../keys/index.ts';
import { shownMember } from './list.ts';
import { refuseGreaterRole } from './members.rules.ts';
import { countOwners, findMember, type MemberRow, updateRole } from './members.sql.ts';

/** Throws `LAST_OWNER` when an organization would be left without; the caller holds the organization. */
export async function refuseLastOwner(trx: Writer, organizationId: string, member: MemberRow): Promise<void> {
  if (member.role === 'owner' && (await countOwners(trx, organizationId)) <= 1) {
    throw new LatchkeyError('LAST_OWNER');
  }
}

/** Gives a member another role, within what the caller's own allows. Keys that the member minted keep what they have. */
export async function changeRole(
  deps: KeyDeps & Audited,
  principal: Principal,
  { organizationId, memberId, role }: Input<'members.changeRole'>,
): Promise<Output<'members.changeRole'>> {
  const now = deps.clock.now();
  const { answer } = await changeKeys(deps, async (trx) => {
    const caller = await requireMember(deps, trx, principal, organizationId, now);
    requireAdmin(caller);
    const member = await findMember(trx, organizationId, memberId);
    if (member === undefined) throw new LatchkeyError('MEMBER_NOT_FOUND');
    deps.audit.about({ id: memberId });
    refuseGreaterRole(caller.role, member.role, role);
    if (role !== 'owner') await refuseLastOwner(trx, organizationId, member);
    await updateRole(trx, organizationId, memberId, role);
    await deps.audit.record(trx, { organizationId, id: memberId, details: { from: member.role, to: role } });
    const keyIds = await personalKeysOf(trx, memberId, now);
    const changed = keyIds.map((keyId) => ({ keyId, organizationId }));
    return { answer: shownMember({ ...member, role }), changed };
  });
  return answer;
}
