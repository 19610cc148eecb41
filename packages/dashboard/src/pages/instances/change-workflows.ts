import type { Request as Asked } from '@latchkey/protocol';
import { LatchkeyApiError } from '@latchkey/sdk';
import { client, useChange } from '../../api.ts';
import type { Workflow } from './trigger-panel.tsx';

/** A workflow as it is given to the API. */
export type WorkflowInput = NonNullable<Asked<'instances.update'>['workflows']>[number];

/** A workflow as the fields of a form hold it; `schemaText` is JSON, and empty where there is no schema. */
export interface WorkflowFields {
  readonly workflowId: string;
  readonly name: string;
  readonly targetUrl: string;
  readonly mode: Workflow['mode'];
  readonly timeoutSeconds: string;
  readonly idempotent: boolean;
  readonly schemaText: string;
}

/** A workflow as it is now, for a form. */
export function fieldsNow({
  triggerUrl: _,
  inputSchema,
  timeoutSeconds,
  ...shown
}: Workflow): WorkflowFields {
  return {
    ...shown,
    timeoutSeconds: String(timeoutSeconds),
    schemaText: inputSchema === null ? '' : JSON.stringify(inputSchema, null, 2),
  };
}

/** What a schema was typed as: nothing where there is none, and `undefined` where it is no JSON object. */
export function schemaOf(text: string): Pick<WorkflowInput, 'inputSchema'> | undefined {
  if (text.trim() === '') return {};
  try {
    const schema: unknown = JSON.parse(text);
    const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema);
    return isObject ? { inputSchema: schema as Record<string, unknown> } : undefined;
  } catch {
    return undefined;
  }
}

/** What a form holds, as the API takes it; `undefined` where its schema is no JSON object. */
export function inputOf({ schemaText, name, ...fields }: WorkflowFields): WorkflowInput | undefined {
  const schema = schemaOf(schemaText);
  if (schema === undefined) return undefined;
  return {
    ...fields,
    workflowId: fields.workflowId.trim(),
    ...(name.trim() !== '' && { name: name.trim() }),
    targetUrl: fields.targetUrl.trim(),
    timeoutSeconds: Number(fields.timeoutSeconds),
    ...schema,
  };
}

/** What becomes of one workflow; `changed` is what a person has changed of it. */
export type WorkflowChange =
  | { readonly kind: 'add'; readonly workflow: WorkflowInput }
  | { readonly kind: 'change'; readonly workflowId: string; readonly changed: Partial<WorkflowFields> }
  | { readonly kind: 'remove'; readonly workflowId: string };

/** A workflow as it is, in the form in which it is given. */
function givenAgain({ triggerUrl: _, inputSchema, ...kept }: Workflow): WorkflowInput {
  return { ...kept, ...(inputSchema !== null && { inputSchema }) };
}

function changedFrom(workflow: Workflow, changed: Partial<WorkflowFields>): WorkflowInput {
  const input = inputOf({ ...fieldsNow(workflow), ...changed });
  if (input === undefined) throw new Error('The input schema must be a JSON object. Nothing was changed.');
  return input;
}

function allAfter(present: readonly Workflow[], change: WorkflowChange): WorkflowInput[] {
  if (change.kind === 'add') return [...present.map(givenAgain), change.workflow];
  const isMeant = ({ workflowId }: Workflow) => workflowId === change.workflowId;
  if (change.kind === 'remove') return present.filter((each) => !isMeant(each)).map(givenAgain);
  if (!present.some(isMeant)) {
    throw new Error('Somebody has removed this workflow meanwhile. Nothing was changed.');
  }
  return present.map((each) => (isMeant(each) ? changedFrom(each, change.changed) : givenAgain(each)));
}

/** How often it is tried while others come first. */
const maxAttempts = 5;

function isOvertaken(error: unknown): boolean {
  return error instanceof LatchkeyApiError && error.code === 'INSTANCE_CHANGED';
}

/** Throws what a person is told where the workflow is gone. */
async function makeOnce(processInstanceId: string, change: WorkflowChange): Promise<void> {
  const { workflows, revision } = await client.callOrThrow('instances.get', { processInstanceId });
  const wanted = { processInstanceId, workflows: allAfter(workflows, change), revision };
  await client.callOrThrow('instances.update', wanted);
}

/**
 * Changes one workflow among those that an instance has now. The API takes the whole list, and at the revision at which
 * it was read: whoever comes first is read again, so that nobody's change takes back another one.
 */
export function useWorkflowChange(processInstanceId: string) {
  return useChange(async (change: WorkflowChange) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await makeOnce(processInstanceId, change);
      } catch (error) {
        if (attempt === maxAttempts || !isOvertaken(error)) throw error;
      }
    }
  });
}
