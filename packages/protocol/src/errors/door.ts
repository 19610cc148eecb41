import { later, once } from './entry.ts';

/** The part of the table that tells of projects, instances, the door and executions. */
export const doorEntries = {
  ORGANIZATION_REQUIRED: {
    status: 400,
    message: 'This key is not bound to an organization, so the request has to name one.',
    nextAction: 'Give the organization: `--organization-id <id>`, or the field organizationId.',
    ...once,
  },
  NOT_SHARED: {
    status: 403,
    message: 'Your role shows you what you made yourself and what is shared with everyone; this is neither.',
    nextAction: 'Ask an owner or admin of the organization to share it.',
    ...once,
  },
  ROLE_INSUFFICIENT: {
    status: 403,
    message: 'The person this key or session acts as does not have the scope {scope} in the organization.',
    nextAction: 'Ask an owner or admin of the organization for a greater role.',
    ...once,
  },
  PROJECT_NOT_FOUND: {
    status: 404,
    message: 'There is no project with this id.',
    nextAction: 'List the projects: `latchkey project list`.',
    ...once,
  },
  INSTANCE_NOT_FOUND: {
    status: 404,
    message: 'There is no process instance with this id.',
    nextAction: 'List the instances: `latchkey instance list`.',
    ...once,
  },
  WORKFLOW_NOT_FOUND: {
    status: 404,
    message: 'This process instance has no workflow with this id.',
    nextAction: 'List its workflows: `latchkey instance get <processInstanceId>`.',
    ...once,
  },
  EXECUTION_NOT_FOUND: {
    status: 404,
    message: 'This process instance has no execution with this id.',
    nextAction: 'List its executions: `latchkey execution list <processInstanceId>`.',
    ...once,
  },
  INSTANCE_INACTIVE: {
    status: 412,
    message: 'This process instance is {state}.',
    nextAction: '{advice}',
    ...once,
  },
  INSTANCE_STATE_UNCHANGED: {
    status: 409,
    message: 'This process instance is {state} already.',
    nextAction: 'Nothing is to be done; `latchkey instance get <processInstanceId>` shows its state.',
    ...once,
  },
  INSTANCE_CHANGED: {
    status: 409,
    message: 'This process instance was changed after you had read it.',
    nextAction:
      'Read it again, and make your change in what stands there now: `latchkey instance get <processInstanceId> --json`.',
    ...once,
  },
  INVALID_INPUT_SCHEMA: {
    status: 400,
    message: 'The input schema of {workflowId} cannot be used: {problem}',
    nextAction: 'Correct the JSON Schema (draft 2020-12, no reference to other documents).',
    ...once,
  },
  INSTANCE_MISMATCH: {
    status: 403,
    message: 'This key belongs to another process instance.',
    nextAction:
      'Use the key of this instance: an owner or admin sees it with `latchkey instance key reveal`.',
    ...once,
  },
  KEY_IN_URL_REFUSED: {
    status: 401,
    message: 'A key in the URL is not accepted here: {reason}',
    nextAction: '{advice}',
    ...once,
  },
  PAYLOAD_INVALID: {
    status: 400,
    message: 'The payload does not fit the input schema of the workflow: {problem}',
    nextAction: 'Correct the payload and send it again; nothing was started.',
    ...once,
  },
  RATE_LIMITED: {
    status: 429,
    message: 'The rate limit of this {what} is reached: {requests} in {windowSeconds} seconds.',
    nextAction: 'Wait {retryInSeconds} seconds, then try again.',
    ...later,
  },
  SIGNATURE_NOT_ACCEPTED: {
    status: 401,
    message: 'A signed message can trigger its workflow, and cannot read what came of it.',
    nextAction: 'Read the status with the instance key as X-API-Key, or an organization key.',
    ...once,
  },
  SIGNING_SECRET_NOT_FOUND: {
    status: 404,
    message: 'This workflow has no signing secret with this id.',
    nextAction: 'List them: `latchkey signing-secret list`.',
    ...once,
  },
  SIGNING_SECRET_LIMIT: {
    status: 409,
    message: 'This workflow has {limit} active signing secrets, and cannot have more.',
    nextAction: 'Retire one that is no longer used: `latchkey signing-secret retire`.',
    ...once,
  },
  EXECUTION_SECRET_INVALID: {
    status: 401,
    message: 'The execution secret does not belong to this execution.',
    nextAction: 'Send executionId and executionSecret as they stood in executionMetadata.',
    ...once,
  },
  EXECUTION_NOT_PENDING: {
    status: 404,
    message: 'This execution is {status} already; the first report counts.',
    nextAction: 'Nothing is to be done. To run it again, trigger the workflow again.',
    ...once,
  },
  EXECUTION_NOT_REPEATABLE: {
    status: 409,
    message:
      'This execution was begun by its workflow itself, so that there is no call that could be made again.',
    nextAction: 'Start the workflow where it starts by itself, or trigger it with a payload of your own.',
    ...once,
  },
  MEMBER_SECRET_INVALID: {
    status: 401,
    message: 'The member secret does not belong to this member of this organization.',
    nextAction: 'Check memberSecret, organizationId and userId.',
    ...once,
  },
} as const;
