import { LatchkeyError } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import type { ExecutionDeps } from './deps.ts';
import { isExecutionSecret } from './execution-secret.ts';
import { type Ending, findExecution, finish } from './executions.sql.ts';

/** A workflow as it says itself to be the one that was given an execution. */
export interface Reporter {
  readonly executionId: string;
  readonly executionSecret: string;
}

/** Throws `EXECUTION_SECRET_INVALID`, also for an execution that does not exist. */
export function requireReporter(
  { secrets }: ExecutionDeps,
  { executionId, executionSecret }: Reporter,
): void {
  if (!isExecutionSecret(secrets, executionId, executionSecret)) {
    throw new LatchkeyError('EXECUTION_SECRET_INVALID');
  }
}

/** The refusal of a report about an execution that has ended, or was taken from the database. */
export async function notPending(db: Reader, executionId: string): Promise<LatchkeyError> {
  const row = await findExecution(db, executionId);
  if (row === undefined) return new LatchkeyError('EXECUTION_SECRET_INVALID', { internal: 'no such row' });
  return new LatchkeyError('EXECUTION_NOT_PENDING', { details: { status: row.status } });
}

/** Ends an execution as its workflow reports; the first report counts. Throws `EXECUTION_NOT_PENDING`. */
export async function report(deps: ExecutionDeps, reporter: Reporter, ending: Ending): Promise<void> {
  requireReporter(deps, reporter);
  const { executionId } = reporter;
  const isFirst = await deps.store.write((trx) => finish(trx, executionId, ending, deps.clock.now()));
  if (!isFirst) throw await notPending(deps.store.db, executionId);
}
