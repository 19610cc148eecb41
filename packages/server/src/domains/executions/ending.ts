import type { ExecutionErrorType } from '@latchkey/protocol';
import type { Ending } from './executions.sql.ts';

/** Why an execution failed, as it is kept and shown (contract/codika.md E.4). */
export interface ExecutionError {
  readonly type: ExecutionErrorType;
  readonly message: string;
  readonly code?: string;
  readonly failedNodeName?: string;
}

/** An attempt that failed and was to be followed by another one. */
export interface LastFailure extends ExecutionError {
  /** From 1. */
  readonly attempt: number;
  readonly at: string;
}

interface Facts {
  readonly engineExecutionId?: string | null | undefined;
  readonly durationMs?: number | null | undefined;
}

function endingOf(
  told: Pick<Ending, 'status' | 'result' | 'error'>,
  { engineExecutionId = null, durationMs = null }: Facts,
): Ending {
  return { ...told, engineExecutionId, durationMs: durationMs === null ? null : Math.round(durationMs) };
}

/** `result` is anything that JSON can say. */
export function success(result: unknown, facts: Facts = {}): Ending {
  return endingOf({ status: 'success', result: JSON.stringify(result ?? null), error: null }, facts);
}

export function failure(error: ExecutionError, facts: Facts = {}): Ending {
  return endingOf({ status: 'failed', result: null, error: JSON.stringify(error) }, facts);
}

/** For what nobody reported on in time. */
export const overdue: ExecutionError = {
  type: 'timeout',
  message: 'No result came within the time that the workflow has.',
  code: 'EXECUTION_TIMED_OUT',
};
