import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Store, Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { countOwned, lockUser } from './accounts.sql.ts';
import { type FoundingDeps, foundOrganization, newOrganizationId } from './found-organization.ts';
import { decodeLogo } from './logo.ts';
import { type ProvisioningDeps, withProvisioning } from './provisioning.ts';

/** How many organizations one person may own. */
export const maxOwnedOrganizations = 50;

export interface CreateOrganizationDeps extends FoundingDeps, ProvisioningDeps {
  readonly store: Store;
  readonly clock: Clock;
}

function refuseN8n(input: Input<'organizations.create'>): void {
  const given = [input.n8nBaseUrl, input.n8nApiKey].filter((value) => value !== undefined).length;
  if (given === 1) {
    throw new LatchkeyError('INVALID_REQUEST', {
      details: { problem: 'n8nBaseUrl and n8nApiKey go together.' },
    });
  }
  if (given === 2) throw new LatchkeyError('N8N_NOT_AVAILABLE');
}

/** The user's row is held first, so that two requests cannot both take the last place. */
async function refuseFiftyFirst(trx: Writer, ownerId: string): Promise<void> {
  await lockUser(trx, ownerId);
  if ((await countOwned(trx, ownerId)) >= maxOwnedOrganizations)
    throw new LatchkeyError('MAX_ORGANIZATIONS_REACHED');
}

/** Who founds an organization: the holder of a personal key or a signed-in person, or with an admin key nobody. */
export interface Founder {
  readonly ownerId: string | undefined;
  /** Throws when they have lost the right since they were asked who they are. */
  confirm(trx: Writer, now: number): Promise<void>;
}

/** Creates an organization, which its founder owns. */
export async function createOrganization(
  deps: CreateOrganizationDeps & Audited,
  { ownerId, confirm }: Founder,
  input: Input<'organizations.create'>,
): Promise<Output<'organizations.create'>> {
  refuseN8n(input);
  const logo = input.logoBase64 === undefined ? undefined : decodeLogo(input.logoBase64, input.logoMimeType);
  const organization = {
    id: newOrganizationId(deps.random),
    name: input.name,
    description: input.description ?? '',
    size: input.size ?? null,
    // In its ASCII form, which holds no control character and turns no text around.
    logoUrl: input.logoUrl === undefined ? null : new URL(input.logoUrl).href,
  };
  const request = {
    organizationId: organization.id,
    organizationName: organization.name,
    ownerEmail: undefined,
  };
  await withProvisioning(deps, request, () =>
    deps.store.write(async (trx) => {
      const now = deps.clock.now();
      await confirm(trx, now);
      if (ownerId !== undefined) await refuseFiftyFirst(trx, ownerId);
      await foundOrganization(trx, deps, { organization, ownerId, logo }, now);
      const { id, name } = organization;
      await deps.audit.record(trx, { organizationId: id, id, details: { name } });
    }),
  );
  return { organizationId: organization.id };
}
