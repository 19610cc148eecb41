import type { Input, Output } from '@latchkey/protocol';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { onlyOwner, requireOrganization } from '../sharing/index.ts';
import { countInstances, findInstances } from './instances.sql.ts';
import { listedInstance } from './shown.ts';
import { findWorkflowNames } from './workflows.sql.ts';

/** The instances of an organization that the caller may see. */
export async function listInstances(
  deps: KeyDeps,
  principal: Principal,
  { organizationId: named, ...wanted }: Input<'instances.list'>,
): Promise<Output<'instances.list'>> {
  const { db } = deps.store;
  await requireLive(deps, db, principal, deps.clock.now());
  const standing = await requireOrganization(db, principal, named);
  const { organizationId } = standing;
  const ownerId = onlyOwner(standing);
  const { environment, state, text, ...how } = wanted;
  const filter = { organizationId, environment, state, text, ...how, ownerId };
  const [rows, total] = await Promise.all([findInstances(db, filter), countInstances(db, filter)]);
  const workflows = await findWorkflowNames(
    db,
    rows.map(({ id }) => id),
  );
  const instances = rows.map((row) => ({
    ...listedInstance(row),
    workflows: workflows
      .filter(({ instance_id }) => instance_id === row.id)
      .map(({ workflow_id: workflowId, name }) => ({ workflowId, name })),
  }));
  return { instances, count: rows.length, total, organizationId };
}
