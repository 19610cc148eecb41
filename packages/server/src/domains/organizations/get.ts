import type { Input, Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Reader } from '../../storage/index.ts';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { requireRoleScope, standingIn } from '../sharing/index.ts';
import { readLogo, readOrganization } from './organizations.sql.ts';

/** An organization as operations answer it; that it exists has been checked. */
export async function shownOrganization(db: Reader, id: string): Promise<Output<'organizations.get'>> {
  const row = await readOrganization(db, id);
  const logo = await readLogo(db, id);
  return {
    organizationId: id,
    name: row.name,
    description: row.description,
    size: row.size,
    logo: logo === undefined ? null : { path: `/v1/organizations/${id}/logo`, ...logo },
    logoUrl: row.logo_url,
    createdAt: toIso(row.created_at),
  };
}

/** Reads an organization for its members and for its keys as long as who they act for is one. */
export async function getOrganization(
  deps: KeyDeps,
  principal: Principal,
  { organizationId }: Input<'organizations.get'>,
): Promise<Output<'organizations.get'>> {
  const { db } = deps.store;
  await requireLive(deps, db, principal, deps.clock.now());
  requireRoleScope(
    await standingIn(db, principal, organizationId, 'ORGANIZATION_NOT_FOUND'),
    'projects:read',
  );
  return shownOrganization(db, organizationId);
}
