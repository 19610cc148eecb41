import { LatchkeyError } from '@latchkey/protocol';
import type { Door, DoorWorkflow } from '../instances/index.ts';

/** Throws `WORKFLOW_NOT_FOUND`. */
export function requireWorkflow(door: Door, workflowId: string): DoorWorkflow {
  const workflow = door.workflows.get(workflowId);
  if (workflow === undefined) throw new LatchkeyError('WORKFLOW_NOT_FOUND');
  return workflow;
}

/** Throws `INSTANCE_INACTIVE` for an instance that nothing can be started on. */
export function requireActive({ isActive, isArchived }: Door): void {
  if (isActive && !isArchived) return;
  const state = isArchived ? 'archived' : 'paused';
  const advice = isArchived
    ? 'Create another instance: `latchkey instance create`.'
    : 'Activate it: `latchkey instance activate <processInstanceId>`.';
  throw new LatchkeyError('INSTANCE_INACTIVE', { details: { state }, fill: { advice } });
}
