import type { Input, Output } from '@latchkey/protocol';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { onlyOwner, requireOrganization } from '../sharing/index.ts';
import { findProjects } from './projects.sql.ts';
import { shownProject } from './shown.ts';

/** The projects of an organization that the caller may see. */
export async function listProjects(
  deps: KeyDeps,
  principal: Principal,
  { organizationId: named, archived, limit }: Input<'projects.list'>,
): Promise<Output<'projects.list'>> {
  const { db } = deps.store;
  await requireLive(deps, db, principal, deps.clock.now());
  const standing = await requireOrganization(db, principal, named);
  const { organizationId } = standing;
  const createdBy = onlyOwner(standing);
  const rows = await findProjects(db, { organizationId, archived, createdBy, limit });
  return { projects: rows.map(shownProject), count: rows.length, organizationId };
}
