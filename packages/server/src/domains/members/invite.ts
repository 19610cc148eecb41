import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Writer } from '../../storage/index.ts';
import { normalizeEmail } from '../accounts/index.ts';
import type { Audited } from '../audit/index.ts';
import { type Member, type Principal, requireAdmin, requireMember } from '../keys/index.ts';
import { spend, uncountOne } from '../limits/index.ts';
import type { MemberDeps } from './deps.ts';
import { invitationMail } from './invitation-mail.ts';
import { shownInvitation } from './list.ts';
import {
  invitationsPerEmail,
  invitationsPerInviter,
  maxInvitations,
  refuseGreaterRole,
} from './members.rules.ts';
import {
  countInvitations,
  findInvitation,
  findMember,
  type InvitationRow,
  insertInvitation,
  isMemberByEmail,
  renewInvitation,
  takeInvitation,
} from './members.sql.ts';

type Invite = Input<'members.invite'>;

interface Stored {
  readonly row: InvitationRow;
  readonly isNew: boolean;
  readonly inviter: Member & { email: string };
}

/** Counts a mail before it is sent, both for who sends it and for who gets it. */
async function spendMail(trx: Writer, inviterId: string, email: string, now: number): Promise<void> {
  await spend(trx, invitationsPerInviter(inviterId), now, 'INVITATION_RATE_LIMITED');
  await spend(trx, invitationsPerEmail(email), now, 'EMAIL_RATE_LIMITED');
}

async function requireInviter(
  deps: MemberDeps,
  trx: Writer,
  principal: Principal,
  { organizationId, role }: Invite,
): Promise<Stored['inviter']> {
  const member = await requireMember(deps, trx, principal, organizationId, deps.clock.now());
  requireAdmin(member);
  refuseGreaterRole(member.role, role);
  const email = (await findMember(trx, organizationId, member.userId))?.email ?? '';
  return { ...member, email };
}

/** An address that is invited already gets the new role, unless its present one is not the caller's to change. */
async function store(
  deps: MemberDeps & Audited,
  principal: Principal,
  invite: Invite,
  email: string,
): Promise<Stored> {
  const { organizationId, role } = invite;
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const inviter = await requireInviter(deps, trx, principal, invite);
    if (await isMemberByEmail(trx, organizationId, email)) throw new LatchkeyError('ALREADY_MEMBER');
    const known = await findInvitation(trx, organizationId, email);
    if (known !== undefined) refuseGreaterRole(inviter.role, known.role);
    else if ((await countInvitations(trx, organizationId)) >= maxInvitations) {
      throw new LatchkeyError('INVITATION_LIMIT', { details: { limit: maxInvitations } });
    }
    await spendMail(trx, inviter.userId, email, now);
    const row: InvitationRow = {
      id: known?.id ?? deps.random.uuid(),
      organization_id: organizationId,
      email,
      role,
      invited_by: inviter.userId,
      created_at: now,
    };
    await (known === undefined ? insertInvitation(trx, row) : renewInvitation(trx, row));
    await deps.audit.record(trx, { organizationId, id: row.id, details: { email, role } });
    return { row, isNew: known === undefined, inviter };
  });
}

/** An invitation that was not mailed was not made. */
async function takeBack(deps: MemberDeps & Audited, { row, isNew, inviter }: Stored): Promise<void> {
  await deps.store.write(async (trx) => {
    if (isNew) await takeInvitation(trx, row.id);
    await uncountOne(trx, invitationsPerInviter(inviter.userId).name);
    await uncountOne(trx, invitationsPerEmail(row.email).name);
    await deps.audit.takeBack(trx);
  });
}

/** Invites a person by mail; they become a member when they prove the address (`acceptInvitation`). */
export async function inviteMember(
  deps: MemberDeps & Audited,
  principal: Principal,
  invite: Invite,
): Promise<Output<'members.invite'>> {
  const email = normalizeEmail(invite.email);
  const stored = await store(deps, principal, invite, email);
  const { row, inviter } = stored;
  const mail = invitationMail({
    to: email,
    inviter: inviter.email,
    organizationId: row.organization_id,
    organizationName: inviter.organizationName,
    role: row.role,
    serverUrl: deps.publicUrl(),
  });
  try {
    await deps.mailer.send(mail);
  } catch (cause) {
    await takeBack(deps, stored);
    throw new LatchkeyError('INTERNAL', { cause, internal: 'the invitation could not be mailed' });
  }
  return shownInvitation(row, inviter.email);
}
