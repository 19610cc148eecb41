import { isRoleAtLeast, LatchkeyError, type Role } from '@latchkey/protocol';
import { dayMs } from '../../platform/clock.ts';
import type { Limit } from '../limits/index.ts';

/** How many invitations of an organization may be pending. */
export const maxInvitations = 50;

/** Mails that one person can make the server send to strangers. */
export function invitationsPerInviter(userId: string): Limit {
  return { name: `invitations-by ${userId}`, limit: 100, windowMs: dayMs };
}

/** Invitations that one address gets, from whomever. */
export function invitationsPerEmail(email: string): Limit {
  return { name: `invitations-to ${email}`, limit: 10, windowMs: dayMs };
}

/** Delegate-down for roles: throws `ROLE_ESCALATION` when any of these is greater than the caller's own. */
export function refuseGreaterRole(own: Role, ...roles: readonly Role[]): void {
  if (!roles.every((role) => isRoleAtLeast(own, role))) throw new LatchkeyError('ROLE_ESCALATION');
}
