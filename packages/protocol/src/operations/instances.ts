import { z } from 'zod';
import { executionErrorTypes, executionStatuses } from '../door.ts';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import {
  instance,
  instanceExample,
  instanceId,
  instanceSecrets,
  instanceSettings,
  listedExample,
  listedInstance,
  secretsExample,
  workflowInputs,
} from './instance-shapes.ts';
import { organizationId } from './projects.ts';

const families = ['organization', 'personal', 'admin', 'session'] as const;
const reading = { kind: 'key', families, scope: 'instances:read' } as const;
const managing = { kind: 'key', families, scope: 'instances:manage' } as const;
const readErrors = ['INSTANCE_NOT_FOUND', 'ORGANIZATION_MISMATCH', 'NOT_SHARED'] as const;
const manageErrors = [...readErrors, 'ROLE_INSUFFICIENT'] as const;
const workflowErrors = ['TARGET_NOT_ALLOWED', 'INVALID_INPUT_SCHEMA'] as const;

const one = { processInstanceId: field.id };
const example = { processInstanceId: instanceId };

export const create = defineOperation({
  summary: 'Create a process instance with its workflows and its key',
  description:
    'Without a project one of the same name is made. The instance key is in the answer; owners and admins can see it again.',
  access: managing,
  audit: { action: 'instance.create', resource: 'instance' },
  showsSecret: true,
  input: z.strictObject({
    organizationId,
    projectId: field.id.optional(),
    title: field.label(1, 100),
    environment: field.environment.default('dev'),
    workflows: workflowInputs,
    sharedWith: instanceSettings.sharedWith.default('admins'),
    queryKeys: instanceSettings.queryKeys.default(true),
    maxConcurrency: instanceSettings.maxConcurrency.default(16),
    rateLimit: instanceSettings.rateLimit.default(null),
  }),
  output: instance.extend(instanceSecrets.shape),
  errors: [
    'ORGANIZATION_REQUIRED',
    'ORGANIZATION_NOT_FOUND',
    'ORGANIZATION_MISMATCH',
    'PROJECT_NOT_FOUND',
    'NOT_SHARED',
    'ROLE_INSUFFICIENT',
    ...workflowErrors,
  ],
  example: {
    input: {
      title: 'Orders',
      environment: 'prod',
      workflows: [{ workflowId: 'main', targetUrl: 'https://orders.example.com/run' }],
    },
    output: { ...instanceExample, ...secretsExample },
  },
});

export const list = defineOperation({
  summary: 'List the process instances of an organization',
  description:
    'Last executed first. Owners and admins see all; other members what they made and what is shared with everyone.',
  access: reading,
  input: z.strictObject({
    organizationId,
    environment: field.environment.optional(),
    archived: field.flag,
    state: z.enum(['active', 'paused']).optional().describe('Of those that are not archived'),
    text: field.label(1, 100).optional().describe('Part of a title, of an id, or of the name of a workflow'),
    limit: field.pageSize(50),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  }),
  output: z.object({
    instances: z.array(
      listedInstance.extend({ workflows: z.array(z.object({ workflowId: z.string(), name: z.string() })) }),
    ),
    count: z.int().describe('How many there are in the answer'),
    total: z.int().describe('How many there are in all'),
    organizationId: z.string(),
  }),
  errors: ['ORGANIZATION_REQUIRED', 'ORGANIZATION_NOT_FOUND', 'ORGANIZATION_MISMATCH'],
  example: {
    input: {},
    output: {
      instances: [{ ...listedExample, workflows: [{ workflowId: 'main', name: 'main' }] }],
      count: 1,
      total: 1,
      organizationId: 'xwk9CcT440Vupa8soIhY',
    },
  },
});

const count = z.int();
const durationMs = z
  .number()
  .nullable()
  .describe('Milliseconds, of those that succeeded; null where none has');

export const statistics = defineOperation({
  summary: 'Count what came of the executions of each process instance',
  description:
    'Of the newest 10,000 executions of the organization that the caller may see, as far as they began in the last `hours`; `isWhole` says whether those are all. An instance without one of them is not in the answer.',
  access: reading,
  input: z.strictObject({
    organizationId: field.id,
    hours: z.coerce.number().int().min(1).max(720).default(168),
  }),
  output: z.object({
    organizationId: z.string(),
    from: z.string(),
    executions: count.describe('How many are counted here'),
    isWhole: z.boolean(),
    count: count.describe('How many instances there are in the answer'),
    instances: z.array(
      z.object({
        processInstanceId: z.string(),
        title: z.string(),
        environment: field.environment,
        succeeded: count,
        failed: count.describe('Without those that timed out'),
        timedOut: count,
        pending: count,
        successRate: z.number().nullable().describe('0 to 1, of those that have ended; null where none has'),
        medianMs: durationMs,
        p95Ms: durationMs,
        lastFailure: z
          .object({ at: z.string(), errorType: z.enum(executionErrorTypes), message: z.string() })
          .nullable(),
      }),
    ),
  }),
  errors: ['ORGANIZATION_NOT_FOUND', 'ORGANIZATION_MISMATCH'],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY' },
    output: {
      organizationId: 'xwk9CcT440Vupa8soIhY',
      from: '2026-03-23T00:00:00.000Z',
      executions: 12,
      isWhole: true,
      count: 1,
      instances: [
        {
          processInstanceId: instanceId,
          title: 'Orders',
          environment: 'prod',
          succeeded: 9,
          failed: 1,
          timedOut: 0,
          pending: 2,
          successRate: 0.9,
          medianMs: 840,
          p95Ms: 2100,
          lastFailure: {
            at: '2026-03-29T10:00:00.000Z',
            errorType: 'external_api_error',
            message: 'The bank did not answer.',
          },
        },
      ],
    },
  },
});

export const get = defineOperation({
  summary: 'Read a process instance',
  description: 'With its workflows; never its key.',
  access: reading,
  input: z.strictObject({ ...one, includeWorkflowDetails: field.flag }),
  output: instance,
  errors: readErrors,
  example: { input: example, output: instanceExample },
});

export const update = defineOperation({
  summary: 'Change a process instance',
  description:
    'Only what is given is changed; `workflows` replaces the whole list, and a workflow that keeps its id keeps its URL. With the `revision` at which it was read, nothing is done where somebody has changed it since. In force when the answer arrives.',
  access: managing,
  audit: { action: 'instance.update', resource: 'instance' },
  input: z.strictObject({
    ...one,
    title: field.label(1, 100).optional(),
    workflows: workflowInputs.optional(),
    sharedWith: instanceSettings.sharedWith.optional(),
    queryKeys: instanceSettings.queryKeys.optional(),
    maxConcurrency: instanceSettings.maxConcurrency.optional(),
    rateLimit: instanceSettings.rateLimit.optional(),
    revision: z.int().min(0).optional().describe('At which it was read; not given: whatever it is now'),
  }),
  output: instance,
  errors: [...manageErrors, ...workflowErrors, 'INSTANCE_INACTIVE', 'INSTANCE_CHANGED'],
  example: { input: { ...example, queryKeys: false }, output: { ...instanceExample, queryKeys: false } },
});

const switched = z.object({
  processInstanceId: z.string(),
  isActive: z.boolean(),
  workflowCount: z.int(),
});

export const activate = defineOperation({
  summary: 'Activate a process instance',
  description: 'It can be triggered again.',
  access: managing,
  audit: { action: 'instance.activate', resource: 'instance' },
  input: z.strictObject(one),
  output: switched,
  errors: [...manageErrors, 'INSTANCE_STATE_UNCHANGED', 'INSTANCE_INACTIVE'],
  example: { input: example, output: { ...example, isActive: true, workflowCount: 1 } },
});

export const deactivate = defineOperation({
  summary: 'Pause a process instance',
  description: 'It cannot be triggered; executions under way go on, and their status can be read.',
  access: managing,
  audit: { action: 'instance.deactivate', resource: 'instance' },
  input: z.strictObject(one),
  output: switched,
  errors: [...manageErrors, 'INSTANCE_STATE_UNCHANGED', 'INSTANCE_INACTIVE'],
  example: { input: example, output: { ...example, isActive: false, workflowCount: 1 } },
});

export const archive = defineOperation({
  summary: 'Archive a process instance',
  description:
    'For good: it can no longer be triggered or changed, and its key and signing secrets end. Records are kept.',
  access: managing,
  audit: { action: 'instance.archive', resource: 'instance' },
  input: z.strictObject(one),
  output: z.object({ processInstanceId: z.string(), archivedAt: z.string() }),
  errors: [...manageErrors, 'INSTANCE_STATE_UNCHANGED'],
  example: { input: example, output: { ...example, archivedAt: '2026-03-31T00:00:00.000Z' } },
});

export const revealKey = defineOperation({
  summary: 'Show the key of a process instance',
  description: 'For owners and admins, and audited. Also what targets check our signatures with.',
  access: managing,
  audit: { action: 'instance.reveal_key', resource: 'instance' },
  showsSecret: true,
  input: z.strictObject(one),
  output: instanceSecrets,
  errors: [...readErrors, 'ADMIN_REQUIRED', 'INSTANCE_INACTIVE'],
  example: { input: example, output: secretsExample },
});

export const regenerateKey = defineOperation({
  summary: 'Replace the key of a process instance',
  description: 'For owners and admins. The old key is refused from the moment that the answer arrives.',
  access: managing,
  audit: { action: 'instance.regenerate_key', resource: 'instance' },
  showsSecret: true,
  input: z.strictObject(one),
  output: instanceSecrets,
  errors: [...readErrors, 'ADMIN_REQUIRED', 'INSTANCE_INACTIVE'],
  example: { input: example, output: secretsExample },
});

export const trigger = defineOperation({
  summary: 'Trigger a workflow as a person who is signed in',
  description:
    'For the dashboard; programs trigger at the URL of the workflow, with a key or a signature. Needs the role of a runner, or more. The execution is on disk when the answer arrives, says `session` for how it was started, and counts against the rate limit of the instance.',
  access: { kind: 'key', families: ['session'], scope: 'workflows:trigger' },
  audit: { action: 'instance.trigger', resource: 'execution' },
  input: z.strictObject({
    ...one,
    workflowId: field.workflowId,
    payload: z.record(z.string(), z.unknown()).default({}),
  }),
  output: z.object({ executionId: z.string(), status: z.enum(executionStatuses) }),
  errors: [...manageErrors, 'WORKFLOW_NOT_FOUND', 'INSTANCE_INACTIVE', 'PAYLOAD_INVALID', 'RATE_LIMITED'],
  example: {
    input: { ...example, workflowId: 'main', payload: { orderId: 42 } },
    output: { executionId: '019d312f-0000-7000-8000-00000000000d', status: 'pending' },
  },
});
