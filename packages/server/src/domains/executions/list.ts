import type { Input, Output } from '@latchkey/protocol';
import { requireInstance } from '../instances/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { listRows } from './executions.sql.ts';
import { shownSummary } from './shown.ts';

/** The executions of an instance that the caller may see, newest first. */
export async function listExecutions(
  deps: KeyDeps,
  principal: Principal,
  { processInstanceId, workflowId, status, cursor, limit }: Input<'executions.list'>,
): Promise<Output<'executions.list'>> {
  const { db } = deps.store;
  await requireInstance(deps, db, principal, processInstanceId, deps.clock.now());
  const filter = { instanceId: processInstanceId, workflowId, status, before: cursor, limit: limit + 1 };
  const rows = await listRows(db, filter);
  const page = rows.slice(0, limit);
  return {
    processInstanceId,
    count: page.length,
    executions: page.map(shownSummary),
    nextCursor: rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
  };
}
