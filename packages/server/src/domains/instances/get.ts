import type { Input, Output } from '@latchkey/protocol';
import type { Principal } from '../keys/index.ts';
import { requireInstance } from './access.ts';
import type { InstanceDeps } from './deps.ts';
import { findInstanceKey } from './instances.sql.ts';
import { shownInstance } from './shown.ts';
import { findWorkflows } from './workflows.sql.ts';

/** Reads an instance with its workflows. */
export async function getInstance(
  deps: InstanceDeps,
  principal: Principal,
  { processInstanceId, includeWorkflowDetails: withDetails }: Input<'instances.get'>,
): Promise<Output<'instances.get'>> {
  const { db } = deps.store;
  const { instance } = await requireInstance(deps, db, principal, processInstanceId, deps.clock.now());
  const workflows = await findWorkflows(db, processInstanceId);
  const key = await findInstanceKey(db, processInstanceId);
  return shownInstance(deps, instance, workflows, { keyPrefix: key?.prefix, withDetails });
}
