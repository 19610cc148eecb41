import type { Reader, Writer } from '../../storage/index.ts';
import { addMember, type FoundingDeps, findOrganization, type Membership } from '../accounts/index.ts';
import { type Audited, person } from '../audit/index.ts';
import { type KeysChanged, personalKeysOf } from '../keys/index.ts';
import { invitationsTo, takeInvitation } from './members.sql.ts';

const joining = { action: 'member.join', resource: 'member' } as const;

/** An organization that an address is invited to. */
export interface PendingInvitation extends Membership {
  readonly invitationId: string;
  /** The address of whoever sent it last; null where nobody knows any more. */
  readonly invitedBy: string | null;
}

/** Where an address is invited to, oldest first. Nothing says yet that the asker has the address. */
export async function pendingInvitations(db: Reader, email: string): Promise<PendingInvitation[]> {
  const rows = await invitationsTo(db, email);
  return rows.map((row) => ({
    invitationId: row.id,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    role: row.role,
    invitedBy: row.inviter,
  }));
}

/**
 * Makes the invited person a member; false when the invitation was withdrawn or accepted meanwhile. Call it only for
 * a person who has just proved the invited address. Holds the organization, so that who invites at the same time
 * sees the member. Their personal keys count there from now on, so that it is a change of them: where they were
 * presented before, they may be remembered as unknown.
 */
export async function acceptInvitation(
  trx: Writer,
  deps: FoundingDeps & Audited,
  invitation: PendingInvitation,
  userId: string,
  now: number,
): Promise<KeysChanged<boolean>> {
  await findOrganization(trx, invitation.organizationId);
  const taken = await takeInvitation(trx, invitation.invitationId);
  if (taken === undefined) return { answer: false, changed: [] };
  const { organization_id: organizationId, email, role } = taken;
  await addMember(trx, deps, { organizationId, userId, role }, now);
  const actor = person({ id: userId, email });
  await deps.audit.record(trx, { rule: joining, organizationId, id: userId, actor, details: { role } });
  const keyIds = await personalKeysOf(trx, userId, now);
  return { answer: true, changed: keyIds.map((keyId) => ({ keyId, organizationId })) };
}
