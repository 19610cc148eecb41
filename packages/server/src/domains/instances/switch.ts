import type { Input, Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { holdManaged } from './access.ts';
import { changeInstance } from './instances.sql.ts';
import { refuseArchived, stateUnchanged } from './state.ts';
import { findWorkflows } from './workflows.sql.ts';

async function switchTo(
  deps: KeyDeps & Audited,
  principal: Principal,
  id: string,
  isActive: boolean,
): Promise<Output<'instances.activate'>> {
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const instance = await holdManaged(deps, trx, principal, id, now);
    refuseArchived(instance);
    if (instance.is_active === Number(isActive)) throw stateUnchanged(isActive ? 'active' : 'paused');
    const reason = isActive ? null : 'user_paused';
    await changeInstance(trx, id, { is_active: Number(isActive), inactive_reason: reason });
    const { length: workflowCount } = await findWorkflows(trx, id);
    const { organization_id: organizationId, environment, title } = instance;
    await deps.audit.record(trx, { organizationId, id, environment, details: { title } });
    return { processInstanceId: id, isActive, workflowCount };
  });
}

/** Lets an instance be triggered again. Throws `INSTANCE_STATE_UNCHANGED` for one that can be. */
export function activateInstance(
  deps: KeyDeps & Audited,
  principal: Principal,
  { processInstanceId }: Input<'instances.activate'>,
): Promise<Output<'instances.activate'>> {
  return switchTo(deps, principal, processInstanceId, true);
}

/** Pauses an instance; once this resolves nothing triggers it. Throws `INSTANCE_STATE_UNCHANGED` for a paused one. */
export function deactivateInstance(
  deps: KeyDeps & Audited,
  principal: Principal,
  { processInstanceId }: Input<'instances.deactivate'>,
): Promise<Output<'instances.deactivate'>> {
  return switchTo(deps, principal, processInstanceId, false);
}
