import type { Input, Output } from '@latchkey/protocol';
import type { ExecutionDeps } from './deps.ts';
import { failure } from './ending.ts';
import { report } from './report.ts';

const maxMessageLength = 10_000;

/** Ends an execution as failed (contract/codika.md F.6). */
export async function submitError(
  deps: ExecutionDeps,
  input: Input<'executions.submitError'>,
): Promise<Output<'executions.submitError'>> {
  const { executionId, errorType, errorMessage, n8nExecutionId, executionTimeMs } = input;
  const failedNodeName = input.failedNodeName ?? input.lastExecutedNode;
  const error = {
    type: errorType,
    message: errorMessage.slice(0, maxMessageLength).toWellFormed(),
    ...(failedNodeName && { failedNodeName }),
  };
  await report(
    deps,
    input,
    failure(error, { engineExecutionId: n8nExecutionId, durationMs: executionTimeMs }),
  );
  return { executionId, status: 'failed' };
}
