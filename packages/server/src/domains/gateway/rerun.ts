import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { decodeRateLimit, type Reader, type Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import {
  type ExecutionCaller,
  type ExecutionRow,
  findExecution,
  insertExecutions,
  type NewRow,
  pendingRow,
  requireActive,
  requireWorkflow,
} from '../executions/index.ts';
import { type Door, loadDoor, requireInstance } from '../instances/index.ts';
import type { Credential } from '../keys/index.ts';
import type { GatewayDeps } from './deps.ts';
import { managementMethods } from './enter-by-key.ts';
import { holdRevisions } from './gateway.sql.ts';
import { type NamedLimit, namedLimit, spendAll } from './rate-limits.ts';
import { requireFitting } from './trigger.ts';

/** What running an execution again works with. */
export type RerunDeps = Omit<GatewayDeps, 'doors' | 'diagnoses' | 'acceptor' | 'deliveries'> & Audited;

type Asked = Input<'executions.rerun'>;

function callerOf({ principal: { family, keyId, userId } }: Credential): ExecutionCaller {
  const method = managementMethods[family] ?? 'organization-key';
  return { method, keyId, signingSecretId: null, userId };
}

/** The same as at the door: of the key that asks, if it is one, and of the instance. */
function limitsOf(credential: Credential, { instanceId, rateLimit }: Door): NamedLimit[] {
  const ofKey =
    credential.kind === 'key'
      ? namedLimit('key', credential.row.id, decodeRateLimit(credential.row.rate_limit))
      : [];
  return [...ofKey, ...namedLimit('instance', instanceId, rateLimit)];
}

/** Throws `EXECUTION_NOT_FOUND`, and `EXECUTION_NOT_REPEATABLE` for one that no call has started. */
async function requireRepeatable(
  db: Reader,
  { processInstanceId, executionId }: Asked,
): Promise<ExecutionRow> {
  const row = await findExecution(db, executionId);
  if (row?.instance_id !== processInstanceId) throw new LatchkeyError('EXECUTION_NOT_FOUND');
  if (row.caller.startsWith('{"method":"member-secret",'))
    throw new LatchkeyError('EXECUTION_NOT_REPEATABLE');
  return row;
}

/** The instance as it is, held until the transaction ends like the revisions of what is triggered. */
async function holdDoor(deps: RerunDeps, trx: Writer, instanceId: string): Promise<Door> {
  await holdRevisions(trx, [instanceId]);
  const door = await loadDoor(trx, deps.secrets, instanceId);
  if (door === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  return door;
}

/**
 * Begins a new execution with the workflow and the payload of another one, which stays as it is. The instance must be
 * one that the caller may see, since what is sent is not theirs. The payload is copied as the text that it is kept as,
 * so that its numbers stay what they were. Throws what triggering by a key throws.
 */
export async function rerunExecution(
  deps: RerunDeps,
  credential: Credential,
  asked: Asked,
): Promise<Output<'executions.rerun'>> {
  const now = deps.clock.now();
  const { principal } = credential;
  const { processInstanceId: instanceId, executionId: rerunOf } = asked;
  await requireInstance(deps, deps.store.db, principal, instanceId, now);
  const { payload, workflow_id: workflowId } = await requireRepeatable(deps.store.db, asked);
  // Never changed once it is there, and perhaps long: it is not read while others wait to write.
  const value = JSON.parse(payload) as Record<string, unknown>;

  async function begin(trx: Writer): Promise<NewRow> {
    await requireInstance(deps, trx, principal, instanceId, now);
    const door = await holdDoor(deps, trx, instanceId);
    const { organizationId, environment } = door;
    deps.audit.about({ id: rerunOf, environment });
    const workflow = requireWorkflow(door, workflowId);
    requireActive(door);
    requireFitting(workflow, { value });
    const { error } = await spendAll(trx, limitsOf(credential, door), now);
    if (error !== undefined) throw error;
    const begun = { id: deps.random.uuid(), organizationId, instanceId, workflow, payload, rerunOf };
    const row = pendingRow({ ...begun, caller: callerOf(credential), isDue: true }, now);
    await insertExecutions(trx, [row]);
    const details = { processInstanceId: instanceId, workflowId, rerunOf };
    await deps.audit.record(trx, { organizationId, id: row.id, environment, details });
    return row;
  }

  const { id, instance_id } = await deps.store.write(begin);
  deps.dispatcher.notice({ id, instance_id });
  return { executionId: id, rerunOf, status: 'pending' };
}
