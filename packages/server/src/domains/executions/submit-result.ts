import type { Input, Output } from '@latchkey/protocol';
import type { ExecutionDeps } from './deps.ts';
import { success } from './ending.ts';
import { report } from './report.ts';

/** Ends an execution with its result (contract/codika.md F.6). */
export async function submitResult(
  deps: ExecutionDeps,
  input: Input<'executions.submitResult'>,
): Promise<Output<'executions.submitResult'>> {
  const { executionId, resultData, n8nExecutionId, executionTimeMs } = input;
  const facts = { engineExecutionId: n8nExecutionId, durationMs: executionTimeMs };
  await report(deps, input, success(resultData, facts));
  return { executionId, status: 'success' };
}
