export {
  onlyOwner,
  requireAdminStanding,
  requireOrganization,
  requireRoleScope,
  requireSeen,
  type Standing,
  standingIn,
} from './standing.ts';
