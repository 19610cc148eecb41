import type { Role } from '@latchkey/protocol';
import type { Random } from '../../platform/random.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Writer } from '../../storage/index.ts';
import {
  insertMembership,
  insertOrganization,
  type Logo,
  type NewOrganization,
  putLogo,
} from './accounts.sql.ts';
import { memberSecretPurpose } from './member-secret.ts';

const memberSecretBytes = 32;

export interface FoundingDeps {
  readonly random: Random;
  readonly secrets: Secrets;
}

export interface Founding {
  readonly organization: NewOrganization;
  /** Nobody when an admin key founds it. */
  readonly ownerId: string | undefined;
  readonly logo: Logo | undefined;
}

/** A new organization id: 20 letters and digits (contract/codika.md A.1). */
export function newOrganizationId(random: Random): string {
  return random.alphanumeric(20);
}

/** A new user id: 28 letters and digits (contract/codika.md A.1). */
export function newUserId(random: Random): string {
  return random.alphanumeric(28);
}

/** Makes a person a member, with a member secret of their own (contract/codika.md A.1). */
export async function addMember(
  trx: Writer,
  deps: FoundingDeps,
  { organizationId, userId, role }: { organizationId: string; userId: string; role: Role },
  now: number,
): Promise<void> {
  const secret = Buffer.from(deps.random.bytes(memberSecretBytes)).toString('base64url');
  const memberSecretSealed = deps.secrets.seal(secret, memberSecretPurpose(organizationId, userId));
  await insertMembership(trx, { organizationId, userId, role, memberSecretSealed }, now);
}

/** Writes down an organization, its owner with a member secret, and its logo, in the caller's transaction. */
export async function foundOrganization(
  trx: Writer,
  deps: FoundingDeps,
  { organization, ownerId, logo }: Founding,
  now: number,
): Promise<void> {
  await insertOrganization(trx, organization, now);
  if (ownerId !== undefined) {
    await addMember(trx, deps, { organizationId: organization.id, userId: ownerId, role: 'owner' }, now);
  }
  if (logo !== undefined) await putLogo(trx, organization.id, logo);
}
