export { checkAddresses, isAllowedFrom, refuseAddress } from './allowed-addresses.ts';
export {
  type AuthenticatedKey,
  type AuthenticatedSession,
  authenticate,
  type Credential,
  type Presented,
  verify,
} from './authenticate.ts';
export {
  type AuthorityDeps,
  actsAsItsUser,
  type Member,
  requireAdmin,
  requireAuthority,
  requireLive,
  requireMember,
} from './authority.ts';
export { authorize } from './authorize.ts';
export { changeKeys, type KeysChanged } from './change-keys.ts';
export { createByOperator, type OperatorKeyRequest } from './create-by-operator.ts';
export { createForOrganization } from './create-for-organization.ts';
export { createPersonal } from './create-personal.ts';
export type { KeyDeps } from './deps.ts';
export { digestForNewKey, digestsOf } from './digests.ts';
export {
  activeLimits,
  expiryFrom,
  parseScopes,
  refuseEscalation,
  revokedAtOf,
  stateOf,
} from './keys.rules.ts';
export {
  changeKey,
  findById,
  holdKeys,
  insertedKey,
  insertKey,
  isActive,
  isListedAfter,
  isUsable,
  type KeyRow,
  markDisabled,
  markRevoked,
  organizationOfKey,
  personalKeysOf,
  revokeAllOf,
  type Use,
} from './keys.sql.ts';
export type { Found, KeyView, Known, KnownKey } from './known-key.ts';
export type { VerifiedRow } from './known-keys.sql.ts';
export { createKnownKeys, type KnownKeys } from './known-keys.ts';
export { createLastUsed, type LastUsed } from './last-used.ts';
export { listOfOrganization } from './list-of-organization.ts';
export { type Minted, mintKey } from './mint.ts';
export type { Principal } from './principal.ts';
export { malformed, refuseUnusable, unknownKey, wrongPlace } from './refusals.ts';
export {
  restrictionsWithin,
  shownRestrictions,
  unbound,
  type WantedRestrictions,
} from './restrictions.ts';
export { revokeKey } from './revoke.ts';
export type { LiveSession, Session, Sessions } from './sessions.ts';
export { shownUse } from './shown-use.ts';
export { disableKey, enableKey } from './switch.ts';
export { updateKey } from './update.ts';
export { askerOf, noteRefusedRequest, noteUse, noting, type UsedKey, type UseOrigin } from './use.ts';
export { whereKnown } from './where-known.ts';
export { whoami } from './whoami.ts';
