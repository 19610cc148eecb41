import { secondMs } from '../../platform/clock.ts';
import type { DoorWorkflow } from '../instances/index.ts';
import { type ExecutionCaller, encodeCaller } from './caller.ts';
import type { NewRow } from './executions.sql.ts';

/** An execution that is to begin. */
export interface NewExecution {
  readonly id: string;
  readonly organizationId: string;
  readonly instanceId: string;
  readonly workflow: DoorWorkflow;
  readonly caller: ExecutionCaller;
  /** JSON text of an object. */
  readonly payload: string;
  /** Whether its target is to be called; otherwise it runs already, and only its report is waited for. */
  readonly isDue: boolean;
  /** The execution that it repeats, where it repeats one. */
  readonly rerunOf?: string;
}

/** The row of an execution that begins now. */
export function pendingRow(
  { id, organizationId, instanceId, workflow, caller, payload, isDue, rerunOf }: NewExecution,
  now: number,
): NewRow {
  return {
    id,
    organization_id: organizationId,
    instance_id: instanceId,
    workflow_id: workflow.workflowId,
    trigger_id: workflow.triggerId,
    status: 'pending',
    caller: encodeCaller(caller),
    payload,
    created_at: now,
    deadline_at: now + workflow.timeoutSeconds * secondMs,
    attempts: 0,
    due_at: isDue ? now : null,
    ...(rerunOf !== undefined && { rerun_of: rerunOf }),
  };
}
