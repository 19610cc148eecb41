import type { ExecutionDeps } from './deps.ts';
import { overdue } from './ending.ts';
import { finishOverdue, hasOverdue } from './executions.sql.ts';

/** Ends what nobody reported on within the time of its workflow. */
export async function sweepOverdue({ store, clock, log }: ExecutionDeps): Promise<void> {
  const now = clock.now();
  if (!(await hasOverdue(store.db, now))) return;
  const ended = await store.write((trx) => finishOverdue(trx, JSON.stringify(overdue), now));
  if (ended > 0) log.info({ ended }, 'executions ended without a result in time');
}
