import type { Failure } from '../../failure.ts';
import type { Place } from '../../place.ts';

/** The argument of the commands that act on one member. */
export const whichMember = {
  name: 'email-or-id',
  summary: 'The member, as `latchkey member list` shows them',
  required: true,
} as const;

/** The id of a member, or of a pending invitation, by their email address or by the id itself. */
export async function findMember(
  { api, organizationId }: Place,
  which: string,
): Promise<{ readonly success: true; readonly id: string } | Failure> {
  if (!which.includes('@')) return { success: true, id: which };
  const answer = await api.call('members.list', { organizationId });
  if (!answer.success) return answer;
  const { members, invitations } = answer.data;
  const isMeant = ({ email }: { email: string }) => email.toLowerCase() === which.toLowerCase();
  const found = members.find(isMeant) ?? invitations.find(isMeant);
  if (found !== undefined) return { success: true, id: found.memberId };
  const message = 'There is no such member or invitation in this organization.';
  const nextAction = 'List them: `latchkey member list`.';
  return { success: false, status: 404, error: { code: 'MEMBER_NOT_FOUND', message, nextAction } };
}
