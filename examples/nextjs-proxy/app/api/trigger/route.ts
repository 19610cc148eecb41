import { refuse, triggerWorkflow } from '../../../lib/latchkey.ts';
import { readSettings } from '../../../lib/settings.ts';

interface TriggerRequest {
  readonly workflowId: string;
  readonly payload: object;
}

function isTriggerRequest(body: unknown): body is TriggerRequest {
  const { workflowId, payload } = (body ?? {}) as Partial<Record<keyof TriggerRequest, unknown>>;
  return typeof workflowId === 'string' && typeof payload === 'object' && payload !== null;
}

export async function POST(request: Request): Promise<Response> {
  // Another site can have a browser send anything else without asking first (CSRF).
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    return refuse(415, 'INVALID_REQUEST', 'Send the content type application/json.');
  }
  const body: unknown = await request.json().catch(() => undefined);
  if (!isTriggerRequest(body)) {
    return refuse(400, 'INVALID_REQUEST', 'Send JSON: { "workflowId": "…", "payload": { … } }.');
  }
  // The key opens every workflow of the instance; visitors of the page are to start these only.
  if (!readSettings().workflowIds.includes(body.workflowId)) {
    return refuse(403, 'WORKFLOW_NOT_ALLOWED', 'This site does not offer that workflow.');
  }
  return await triggerWorkflow(body.workflowId, body.payload);
}
