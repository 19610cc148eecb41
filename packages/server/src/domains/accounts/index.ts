export {
  ensureUser,
  findLogo,
  findOrganization,
  findUser,
  type Membership,
  membershipsOf,
  putLogo,
  roleIn,
  type User,
} from './accounts.sql.ts';
export {
  type CreateOrganizationDeps,
  createOrganization,
  type Founder,
  maxOwnedOrganizations,
} from './create-organization.ts';
export { addressIn, normalizeEmail } from './email.ts';
export {
  addMember,
  type FoundingDeps,
  foundOrganization,
  newOrganizationId,
  newUserId,
} from './found-organization.ts';
export { decodeLogo } from './logo.ts';
export { memberSecretOf } from './member-secret.ts';
export { type Provisioner, type ProvisioningDeps, withProvisioning } from './provisioning.ts';
