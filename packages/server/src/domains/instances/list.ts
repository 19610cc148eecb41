import type { Input, Output } from '@latchkey/protocol';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { onlyOwner, requireOrganization } from '../sharing/index.ts';
import { findInstances } from './instances.sql.ts';
import { listedInstance } from './shown.ts';

/** The instances of an organization that the caller may see. */
export async function listInstances(
  deps: KeyDeps,
  principal: Principal,
  { organizationId: named, environment, archived, limit }: Input<'instances.list'>,
): Promise<Output<'instances.list'>> {
  const { db } = deps.store;
  await requireLive(deps, db, principal, deps.clock.now());
  const standing = await requireOrganization(db, principal, named);
  const { organizationId } = standing;
  const ownerId = onlyOwner(standing);
  const rows = await findInstances(db, { organizationId, environment, archived, ownerId, limit });
  return { instances: rows.map(listedInstance), count: rows.length, organizationId };
}
