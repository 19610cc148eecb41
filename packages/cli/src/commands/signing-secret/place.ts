import { type Context, UsageError } from '../../command.ts';
import { checkedId, instanceFlag, instanceIdOf } from '../ids.ts';

/** The workflow that a signing secret belongs to. */
export const workflowFlags = {
  ...instanceFlag,
  'workflow-id': { value: '<id>', summary: 'Workflow of that instance', required: true },
} as const;

export interface WorkflowValues {
  readonly 'process-instance-id': string | undefined;
  readonly 'workflow-id': string;
}

/**
 * The workflow that is meant.
 *
 * @throws {UsageError}
 */
export function workflowPlace(context: Context, values: WorkflowValues) {
  return {
    processInstanceId: instanceIdOf(context, values['process-instance-id']),
    workflowId: checkedId('--workflow-id', values['workflow-id']),
  };
}

export const secretArgument = {
  name: 'signingSecretId',
  summary: 'Signing secret, as `latchkey signing-secret list` shows it',
  required: true,
} as const;

/**
 * The id of a signing secret; the secret itself must not travel in a command line, and is not repeated.
 *
 * @throws {UsageError}
 */
export function checkedSecretId(id: string): string {
  if (/^[A-Za-z0-9-]{1,64}$/.test(id)) return id;
  throw new UsageError('This is no id of a signing secret. `latchkey signing-secret list` shows the ids.');
}
