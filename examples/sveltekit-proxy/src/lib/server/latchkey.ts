import {
  LATCHKEY_API_KEY,
  LATCHKEY_STATUS_BASE_URL,
  LATCHKEY_TRIGGER_BASE_URL,
  PROCESS_INSTANCE_ID,
} from '$app/env/private';

const timeoutMs = 5000;

/** An error in the form that Latchkey itself answers. */
export function refuse(status: number, code: string, error: string): Response {
  return Response.json({ success: false, error, code }, { status });
}

function unanswered(cause: unknown): Response {
  console.error('Latchkey gave no answer:', cause);
  return cause instanceof DOMException && cause.name === 'TimeoutError'
    ? refuse(504, 'GATEWAY_TIMEOUT', 'Latchkey did not answer in time. What was asked for may have happened.')
    : refuse(502, 'BAD_GATEWAY', 'Latchkey cannot be reached, or its answer was of no use.');
}

/** Passes on status and body as they are; of the headers only how long to wait after a 429. */
async function passOn(answer: Response): Promise<Response> {
  const headers = new Headers({ 'cache-control': 'no-store' });
  const retryAfter = answer.headers.get('retry-after');
  if (retryAfter !== null) headers.set('retry-after', retryAfter);
  return Response.json(await answer.json(), { status: answer.status, headers });
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, 'x-api-key': LATCHKEY_API_KEY };
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    // A redirect would be sent the key as well, wherever it leads.
    return await passOn(await fetch(url, { ...init, headers, signal, redirect: 'error' }));
  } catch (cause) {
    return unanswered(cause);
  }
}

function urlOf(baseUrl: string, id: string): string {
  return [baseUrl, encodeURIComponent(PROCESS_INSTANCE_ID), encodeURIComponent(id)].join('/');
}

/** Starts a workflow; answers `{ success, executionId, message }` without waiting for its end. */
export async function triggerWorkflow(workflowId: string, payload: object): Promise<Response> {
  return await ask(urlOf(LATCHKEY_TRIGGER_BASE_URL, workflowId), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payload }),
  });
}

/** Answers `{ success, execution: { status, resultData, errorDetails, … } }`. */
export async function readExecution(executionId: string): Promise<Response> {
  return await ask(urlOf(LATCHKEY_STATUS_BASE_URL, executionId), { method: 'GET' });
}
