import { isoOrNull, toIso } from '../../platform/clock.ts';
import { decodeCaller, type ExecutionCaller } from './caller.ts';
import type { ExecutionError, LastFailure } from './ending.ts';
import type { ExecutionRow, SummaryRow } from './executions.sql.ts';

/** How long it took, and why it failed; nothing of what is not there yet. */
function shownEnd({ duration_ms, error }: SummaryRow): { duration?: number; errorDetails?: ExecutionError } {
  return {
    ...(duration_ms !== null && { duration: Number(duration_ms) }),
    ...(error !== null && { errorDetails: JSON.parse(error) as ExecutionError }),
  };
}

/** The result of an execution that has one. */
export function shownResult({ status, result }: ExecutionRow): { resultData?: unknown } {
  return status === 'success' && result !== null ? { resultData: JSON.parse(result) as unknown } : {};
}

/** How far an execution is with its target: what became of the last attempt, and when it is called next and given up. */
export function shownProgress({ status, attempts, due_at, deadline_at, last_failure }: ExecutionRow) {
  const lastFailure = last_failure === null ? null : (JSON.parse(last_failure) as LastFailure);
  // While an attempt is under way, what is due is only to follow should this process not live to end it.
  const isWaiting = status === 'pending' && attempts === (lastFailure?.attempt ?? 0);
  return {
    attempts,
    lastFailure,
    nextAttemptAt: isWaiting ? isoOrNull(due_at) : null,
    givesUpAt: toIso(deadline_at),
  };
}

/** How an execution was started, and by which key, signing secret or person. */
export function shownCaller(
  { caller }: Pick<ExecutionRow, 'caller'>,
  names: ReadonlyMap<string, string>,
): { method: ExecutionCaller['method']; id: string | null; name: string | null } {
  const { method, keyId, signingSecretId, userId } = decodeCaller(caller);
  const id = keyId ?? signingSecretId ?? userId;
  return { method, id, name: names.get(id ?? '') ?? null };
}

/** An execution as its status is answered (contract/codika.md D.8). */
export function shownStatus(row: ExecutionRow) {
  return {
    executionId: row.id,
    status: row.status,
    createdAt: toIso(row.created_at),
    ...shownEnd(row),
    ...shownResult(row),
  };
}

/** An execution as lists show it (contract/codika.md D.11). */
export function shownSummary(row: SummaryRow) {
  return {
    executionId: row.id,
    workflowId: row.workflow_id,
    triggerId: row.trigger_id,
    status: row.status,
    createdAt: toIso(row.created_at),
    ...(row.engine_execution_id !== null && { n8nExecutionId: row.engine_execution_id }),
    ...shownEnd(row),
  };
}
