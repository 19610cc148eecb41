export { acceptInvitation, type PendingInvitation, pendingInvitations } from './accept.ts';
export { changeRole } from './change-role.ts';
export type { MemberDeps } from './deps.ts';
export { inviteMember } from './invite.ts';
export { listOfMembers } from './list.ts';
export { invitationsPerEmail, invitationsPerInviter, maxInvitations } from './members.rules.ts';
export { findMembers } from './members.sql.ts';
export { removeMember } from './remove.ts';
