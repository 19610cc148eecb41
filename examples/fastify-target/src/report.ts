import type { Outcome } from './count-words.ts';
import type { ExecutionMetadata } from './delivery.ts';

const timeoutMs = 10_000;

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  });
  if (!response.ok) throw new Error(`Latchkey answered the report with ${response.status}`);
}

/** Tells Latchkey how an execution ended. Rejects when it did not take the report. */
export async function report(metadata: ExecutionMetadata, outcome: Outcome): Promise<void> {
  const { executionId, executionSecret, callbackUrl, errorCallbackUrl } = metadata;
  const proof = { executionId, executionSecret };
  if (outcome.ok) return await post(callbackUrl, { ...proof, resultData: outcome.resultData });
  const error = { errorType: 'validation_error', errorMessage: outcome.errorMessage };
  await post(errorCallbackUrl, { ...proof, ...error });
}
