import type { EngineCall } from '../../engines/engine.ts';
import type { Door, DoorWorkflow } from '../instances/index.ts';
import { decodeCaller } from './caller.ts';
import type { ExecutionDeps } from './deps.ts';
import { executionSecretOf } from './execution-secret.ts';
import type { ExecutionRow } from './executions.sql.ts';

/** Where workflows report to, at the paths that published nodes post to (contract/codika.md F.6). */
export function callbackUrls(publicUrl: string): { callbackUrl: string; errorCallbackUrl: string } {
  return {
    callbackUrl: `${publicUrl}/submitworkflowresult`,
    errorCallbackUrl: `${publicUrl}/submitworkflowerror`,
  };
}

/** What a workflow is told of its execution, beside the payload. */
function metadataOf(deps: ExecutionDeps, row: ExecutionRow, door: Door): object {
  return {
    executionId: row.id,
    executionSecret: executionSecretOf(deps.secrets, row.id),
    ...callbackUrls(deps.publicUrl()),
    workflowId: row.workflow_id,
    processId: door.projectId,
    processInstanceId: row.instance_id,
    userId: decodeCaller(row.caller).userId ?? door.ownerUserId ?? '',
    organizationId: door.organizationId,
  };
}

/**
 * The payload with `executionMetadata` as its last member. Written into the text, so that every number of the payload
 * stays what it was; an `executionMetadata` of the caller has been left out of the payload when it came.
 */
function bodyOf(payload: string, metadata: object): Buffer {
  const comma = payload === '{}' ? '' : ',';
  return Buffer.from(`${payload.slice(0, -1)}${comma}"executionMetadata":${JSON.stringify(metadata)}}`);
}

/** One attempt of an execution, as an engine takes it. */
export function callOf(
  deps: ExecutionDeps,
  row: ExecutionRow,
  door: Door,
  { targetUrl, mode }: DoorWorkflow,
): EngineCall {
  const { method, keyId, signingSecretId, userId } = decodeCaller(row.caller);
  return {
    executionId: row.id,
    attempt: row.attempts,
    targetUrl,
    mode,
    body: bodyOf(row.payload, metadataOf(deps, row, door)),
    deadlineAtMs: Number(row.deadline_at),
    principal: {
      method,
      keyId,
      signingSecretId,
      userId,
      organizationId: door.organizationId,
      instanceId: row.instance_id,
      workflowId: row.workflow_id,
    },
    webhookSecret: door.webhookSecret(),
  };
}
