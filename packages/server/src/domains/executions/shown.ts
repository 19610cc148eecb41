import { toIso } from '../../platform/clock.ts';
import { decodeCaller, type ExecutionCaller } from './caller.ts';
import type { ExecutionError } from './ending.ts';
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

/** How an execution was started, and by which key, signing secret or person. */
export function shownCaller({ caller }: Pick<ExecutionRow, 'caller'>): {
  method: ExecutionCaller['method'];
  id: string | null;
} {
  const { method, keyId, signingSecretId, userId } = decodeCaller(caller);
  return { method, id: keyId ?? signingSecretId ?? userId };
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
