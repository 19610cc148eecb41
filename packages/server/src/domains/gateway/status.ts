import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { type ExecutionCaller, findExecution, shownStatus } from '../executions/index.ts';
import { noting } from '../keys/index.ts';
import type { GatewayDeps } from './deps.ts';
import { enterByKey } from './enter-by-key.ts';
import { originOf, type PresentedKey } from './entrance.ts';

/** What an execution has come to, for whoever may trigger its workflow by a key; also while the instance is paused. */
export async function readStatus(
  deps: GatewayDeps,
  key: PresentedKey,
  onEntrance: (caller: ExecutionCaller) => void,
  { processInstanceId, executionId }: Input<'gateway.status'>,
): Promise<Output<'gateway.status'>> {
  const door = await deps.doors.current(processInstanceId);
  const { caller, used } = await enterByKey(deps, key, door);
  onEntrance(caller);
  if (door === undefined || used === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  return noting(deps, used, originOf(key), async () => {
    const row = await findExecution(deps.store.db, executionId);
    if (row?.instance_id !== processInstanceId) throw new LatchkeyError('EXECUTION_NOT_FOUND');
    return { execution: shownStatus(row) };
  });
}
