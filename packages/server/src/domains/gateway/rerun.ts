import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { type ExecutionRow, findExecution } from '../executions/index.ts';
import { requireInstance } from '../instances/index.ts';
import type { Credential } from '../keys/index.ts';
import { type BeginDeps, beginExecution } from './begin.ts';

type Asked = Input<'executions.rerun'>;

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

/**
 * Begins a new execution with the workflow and the payload of another one, which stays as it is. The instance must be
 * one that the caller may see, since what is sent is not theirs. The payload is copied as the text that it is kept as,
 * so that its numbers stay what they were. Throws what triggering by a key throws.
 */
export async function rerunExecution(
  deps: BeginDeps,
  credential: Credential,
  asked: Asked,
): Promise<Output<'executions.rerun'>> {
  const { db } = deps.store;
  const { processInstanceId: instanceId, executionId: rerunOf } = asked;
  await requireInstance(deps, db, credential.principal, instanceId, deps.clock.now());
  const { payload: text, workflow_id: workflowId } = await requireRepeatable(db, asked);
  // Never changed once it is there, and perhaps long: it is not read while others wait to write.
  const payload = { text, value: JSON.parse(text) as Record<string, unknown> };
  const executionId = await beginExecution(deps, credential, { instanceId, workflowId, payload, rerunOf });
  return { executionId, rerunOf, status: 'pending' };
}
