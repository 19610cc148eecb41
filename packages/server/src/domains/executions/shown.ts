import { toIso } from '../../platform/clock.ts';
import type { ExecutionError } from './ending.ts';
import type { ExecutionRow } from './executions.sql.ts';

/** How long it took and what it came to; nothing of what is not there yet. */
export function shownOutcome(row: ExecutionRow): {
  duration?: number;
  resultData?: unknown;
  errorDetails?: ExecutionError;
} {
  return {
    ...(row.duration_ms !== null && { duration: Number(row.duration_ms) }),
    ...(row.status === 'success' && row.result !== null && { resultData: JSON.parse(row.result) as unknown }),
    ...(row.error !== null && { errorDetails: JSON.parse(row.error) as ExecutionError }),
  };
}

/** An execution as its status is answered (contract/codika.md D.8). */
export function shownStatus(row: ExecutionRow) {
  return {
    executionId: row.id,
    status: row.status,
    createdAt: toIso(row.created_at),
    ...shownOutcome(row),
  };
}

/** An execution as lists show it (contract/codika.md D.11). */
export function shownSummary(row: ExecutionRow) {
  const { resultData: _, ...outcome } = shownOutcome(row);
  return {
    executionId: row.id,
    workflowId: row.workflow_id,
    triggerId: row.trigger_id,
    status: row.status,
    createdAt: toIso(row.created_at),
    ...(row.engine_execution_id !== null && { n8nExecutionId: row.engine_execution_id }),
    ...outcome,
  };
}
