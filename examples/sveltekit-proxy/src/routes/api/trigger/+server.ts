import { refuse, triggerWorkflow } from '#lib/server/latchkey.ts';
import { WORKFLOW_IDS } from '$app/env/private';
import type { RequestHandler } from './$types';

interface TriggerRequest {
  workflowId: string;
  payload: object;
}

function isTriggerRequest(body: unknown): body is TriggerRequest {
  const { workflowId, payload } = (body ?? {}) as Partial<Record<keyof TriggerRequest, unknown>>;
  return typeof workflowId === 'string' && typeof payload === 'object' && payload !== null;
}

export const POST: RequestHandler = async ({ request }) => {
  const body: unknown = await request.json().catch(() => undefined);
  if (!isTriggerRequest(body)) {
    return refuse(400, 'INVALID_REQUEST', 'Send JSON: { "workflowId": "…", "payload": { … } }.');
  }
  // The key opens every workflow of the instance; visitors of the page are to start these only.
  if (!WORKFLOW_IDS.includes(body.workflowId)) {
    return refuse(403, 'WORKFLOW_NOT_ALLOWED', 'This site does not offer that workflow.');
  }
  return await triggerWorkflow(body.workflowId, body.payload);
};
