import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import { requireInstance } from '../instances/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { type ExecutionRow, findExecution, listReruns, type Rerun } from './executions.sql.ts';
import { shownCaller, shownProgress, shownResult, shownSummary } from './shown.ts';
import { namesOfStarters } from './started-by.ts';

/** How many of those that repeat one are told of. */
const maxReruns = 20;

/** What the engine can tell; of a target behind HTTP that is no more than when it ran (contract/codika.md D.6). */
function engineView({ created_at, finished_at }: ExecutionRow): Record<string, unknown> {
  return {
    startedAt: toIso(created_at),
    ...(finished_at !== null && { stoppedAt: toIso(finished_at) }),
  };
}

function shownRerun({ id, status, created_at }: Rerun) {
  return { executionId: id, status, createdAt: toIso(created_at) };
}

/** An execution of an instance that the caller may see. */
export async function getExecution(
  deps: KeyDeps,
  principal: Principal,
  { processInstanceId, executionId }: Input<'executions.get'>,
): Promise<Output<'executions.get'>> {
  const { db } = deps.store;
  const { standing } = await requireInstance(deps, db, principal, processInstanceId, deps.clock.now());
  const row = await findExecution(db, executionId);
  if (row?.instance_id !== processInstanceId) throw new LatchkeyError('EXECUTION_NOT_FOUND');
  const names = await namesOfStarters(db, standing, [row]);
  const reruns = await listReruns(db, executionId, maxReruns);
  return {
    execution: {
      ...shownSummary(row),
      ...shownResult(row),
      codikaExecutionId: row.id,
      n8nExecutionId: row.engine_execution_id ?? row.id,
      n8nExecution: engineView(row),
      startedBy: shownCaller(row, names),
      ...shownProgress(row),
      finishedAt: isoOrNull(row.finished_at),
      rerunOf: row.rerun_of,
      reruns: reruns.map(shownRerun),
      inputData: JSON.parse(row.payload) as unknown,
    },
  };
}
