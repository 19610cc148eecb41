const pollEveryMs = 1500;
const giveUpAfterMs = 120_000;

/** An execution that has ended. */
export interface Ended {
  readonly status: 'success' | 'failed';
  readonly resultData?: unknown;
  readonly errorDetails?: { readonly message: string };
}

async function answerOf(response: Response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

async function start(workflowId: string, payload: object): Promise<string> {
  const response = await fetch('/api/trigger', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ workflowId, payload }),
  });
  return (await answerOf(response)).executionId;
}

/** Runs in the browser: starts a workflow through this site's own server, and waits for its end. */
export async function runWorkflow(workflowId: string, payload: object): Promise<Ended> {
  const executionId = await start(workflowId, payload);
  const giveUpAt = Date.now() + giveUpAfterMs;
  while (Date.now() < giveUpAt) {
    const { execution } = await answerOf(await fetch(`/api/status/${executionId}`));
    if (execution.status !== 'pending') return execution;
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
  }
  throw new Error('The workflow is still running. Look again later.');
}
