import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { encodeRateLimit, type Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import type { Principal } from '../keys/index.ts';
import { holdManaged } from './access.ts';
import type { InstanceDeps } from './deps.ts';
import { changeInstance, findInstanceKey, type InstanceChange } from './instances.sql.ts';
import { retireSecrets } from './secrets-of-instance.sql.ts';
import { shownInstance } from './shown.ts';
import { refuseArchived, refuseChanged } from './state.ts';
import { type NewWorkflow, readWorkflows, rowsOf } from './workflows.rules.ts';
import { deleteOtherWorkflows, findWorkflows, putWorkflows } from './workflows.sql.ts';

type UpdateInput = Input<'instances.update'>;

function changeFrom({
  title,
  sharedWith,
  queryKeys,
  maxConcurrency,
  rateLimit,
}: UpdateInput): InstanceChange {
  return {
    ...(title !== undefined && { title }),
    ...(sharedWith !== undefined && { shared_with: sharedWith }),
    ...(queryKeys !== undefined && { query_keys: Number(queryKeys) }),
    ...(maxConcurrency !== undefined && { max_concurrency: maxConcurrency }),
    ...(rateLimit !== undefined && { rate_limit: encodeRateLimit(rateLimit) }),
  };
}

/** Signing secrets of a workflow that goes are retired: its id may come back, and they must not come with it. */
async function replaceWorkflows(
  trx: Writer,
  deps: InstanceDeps,
  instanceId: string,
  workflows: readonly NewWorkflow[],
  now: number,
): Promise<void> {
  const kept = workflows.map((each) => each.workflow_id);
  await putWorkflows(trx, rowsOf(deps, instanceId, workflows));
  await deleteOtherWorkflows(trx, instanceId, kept);
  await retireSecrets(trx, instanceId, kept, now);
}

function changedIn(input: UpdateInput): string {
  const { processInstanceId: _id, revision: _readAt, ...wanted } = input;
  const changed = Object.entries(wanted).filter(([, value]) => value !== undefined);
  if (changed.length === 0) {
    const names = 'title, workflows, sharedWith, queryKeys, maxConcurrency, rateLimit';
    throw new LatchkeyError('INVALID_REQUEST', { details: { problem: `give at least one of ${names}.` } });
  }
  return changed.map(([name]) => name).join(' ');
}

/** Changes what is given of an instance; the door goes by it once this resolves. */
export async function updateInstance(
  deps: InstanceDeps & Audited,
  principal: Principal,
  input: UpdateInput,
): Promise<Output<'instances.update'>> {
  const { processInstanceId: id } = input;
  const changed = changedIn(input);
  const checked = input.workflows && readWorkflows(deps.targetPolicy, input.workflows);
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const held = await holdManaged(deps, trx, principal, id, now);
    refuseArchived(held);
    refuseChanged(held, input.revision);
    if (checked !== undefined) await replaceWorkflows(trx, deps, id, checked, now);
    const instance = (await changeInstance(trx, id, changeFrom(input))) ?? held;
    const workflows = await findWorkflows(trx, id);
    const key = await findInstanceKey(trx, id);
    const { organization_id: organizationId, environment, title } = instance;
    await deps.audit.record(trx, { organizationId, id, environment, details: { title, changed } });
    return shownInstance(deps, instance, workflows, { keyPrefix: key?.prefix });
  });
}
