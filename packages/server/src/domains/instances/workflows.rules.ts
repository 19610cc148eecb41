import type { Input } from '@latchkey/protocol';
import { checkTargetUrl, type TargetPolicy } from '../../engines/http/index.ts';
import type { Random } from '../../platform/random.ts';
import { readInputSchema } from './input-schema.ts';
import type { WorkflowRow } from './workflows.sql.ts';

type WorkflowInputs = Input<'instances.create'>['workflows'];

/** A workflow as it is kept, but for the instance that it belongs to. */
export type NewWorkflow = Omit<WorkflowRow, 'instance_id' | 'trigger_id'>;

/** Checks workflows as callers describe them. Throws `TARGET_NOT_ALLOWED` and `INVALID_INPUT_SCHEMA`. */
export function readWorkflows(policy: TargetPolicy, inputs: WorkflowInputs): NewWorkflow[] {
  return inputs.map((input, position) => ({
    workflow_id: input.workflowId,
    position,
    name: input.name ?? input.workflowId,
    target_url: checkTargetUrl(input.targetUrl, policy).href,
    mode: input.mode,
    timeout_seconds: input.timeoutSeconds,
    idempotent: Number(input.idempotent),
    input_schema:
      input.inputSchema === undefined ? null : readInputSchema(input.workflowId, input.inputSchema),
  }));
}

/** Rows of an instance; each has a trigger of its own, which counts for those that are new. */
export function rowsOf(
  { random }: { readonly random: Random },
  instanceId: string,
  workflows: readonly NewWorkflow[],
): WorkflowRow[] {
  return workflows.map((each) => ({ instance_id: instanceId, trigger_id: random.uuid(), ...each }));
}
