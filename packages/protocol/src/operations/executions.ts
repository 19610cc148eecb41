import { z } from 'zod';
import { callerMethods, executionErrorTypes, executionStatuses } from '../door.ts';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { errorDetails } from './gateway.ts';
import { instanceId } from './instance-shapes.ts';

const families = ['organization', 'personal', 'admin', 'session'] as const;
const reading = { kind: 'key', families, scope: 'executions:read' } as const;
const readErrors = ['INSTANCE_NOT_FOUND', 'ORGANIZATION_MISMATCH', 'NOT_SHARED'] as const;
const byInputSecret = { kind: 'input-secret' } as const;
const resultLimitBytes = 10 * 1024 * 1024;

const executionId = '019d312f-0000-7000-8000-00000000000d';
const rerunId = '019d312f-0000-7000-8000-000000000010';
const createdAt = '2026-03-30T00:00:00.000Z';

const summary = z.object({
  executionId: z.string(),
  workflowId: z.string(),
  triggerId: z.string(),
  status: z.enum(executionStatuses),
  createdAt: z.string(),
  duration: z.number().optional().describe('Milliseconds'),
  n8nExecutionId: z.string().optional(),
  errorDetails: errorDetails.optional(),
});
const summaryExample = {
  executionId,
  workflowId: 'main',
  triggerId: '019d312f-0000-7000-8000-00000000000e',
  status: 'success',
  createdAt,
  duration: 1234,
} as const;

export const list = defineOperation({
  summary: 'List the executions of a process instance',
  description: 'Newest first. A workflow that is not there has none.',
  access: reading,
  input: z.strictObject({
    processInstanceId: field.id,
    workflowId: field.foreignText(100).optional(),
    status: z.enum(executionStatuses).optional(),
    limit: field.pageSize(20),
    cursor: field.id.optional().describe('`nextCursor` of the page before'),
  }),
  output: z.object({
    processInstanceId: z.string(),
    count: z.int(),
    executions: z.array(summary),
    nextCursor: z.string().nullable(),
  }),
  errors: readErrors,
  example: {
    input: { processInstanceId: instanceId },
    output: { processInstanceId: instanceId, count: 1, executions: [summaryExample], nextCursor: null },
  },
});

const startedBy = z.object({
  method: z.enum(callerMethods),
  id: z.string().nullable().describe('Of the key, the signing secret or the person'),
  name: z
    .string()
    .nullable()
    .describe(
      'Of a key, which is told to owners and admins and to whoever has made it; the label of a signing secret; or to members the address of a member',
    ),
});
const startedByExample = {
  method: 'instance-key',
  id: '019d312f-0000-7000-8000-00000000000b',
  name: 'Orders',
} as const;

export const listOfOrganization = defineOperation({
  summary: 'List the executions of an organization',
  description:
    'Newest first, of the instances that the caller may see: owners and admins see all, other members what they made and what is shared with everyone. Filters go together.',
  access: reading,
  input: z.strictObject({
    organizationId: field.id,
    processInstanceId: field.id.optional(),
    workflowId: field.foreignText(100).optional(),
    status: z.enum(executionStatuses).optional(),
    environment: field.environment.optional(),
    method: z.enum(callerMethods).optional().describe('How it was started'),
    from: field.instant.optional(),
    until: field.instant.optional().describe('Up to, and not including'),
    limit: field.pageSize(20),
    cursor: field.id.optional().describe('`nextCursor` of the page before'),
  }),
  output: z.object({
    organizationId: z.string(),
    count: z.int(),
    executions: z.array(
      summary.extend({
        processInstanceId: z.string(),
        title: z.string().describe('Of the instance'),
        environment: field.environment,
        startedBy,
      }),
    ),
    nextCursor: z.string().nullable(),
  }),
  errors: ['ORGANIZATION_NOT_FOUND', 'ORGANIZATION_MISMATCH'],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY', status: 'success' },
    output: {
      organizationId: 'xwk9CcT440Vupa8soIhY',
      count: 1,
      executions: [
        {
          ...summaryExample,
          processInstanceId: instanceId,
          title: 'Orders',
          environment: 'prod',
          startedBy: startedByExample,
        },
      ],
      nextCursor: null,
    },
  },
});

export const get = defineOperation({
  summary: 'Read an execution',
  description: 'Who started it and how, with what, what came of it, and what the engine tells of it.',
  access: reading,
  input: z.strictObject({
    processInstanceId: field.id,
    executionId: field.id,
    deep: field.flag,
    slim: field.flag,
  }),
  output: z.object({
    execution: summary.extend({
      codikaExecutionId: z.string().describe('The same as `executionId`'),
      n8nExecutionId: z.string().describe('What the engine calls it'),
      n8nExecution: z
        .record(z.string(), z.unknown())
        .describe('What the engine tells: `startedAt`, `stoppedAt` and its own data'),
      startedBy,
      attempts: z.int(),
      lastFailure: errorDetails
        .extend({ attempt: z.int(), at: z.string() })
        .nullable()
        .describe('What became of the last attempt that failed and was to be followed by another one'),
      nextAttemptAt: z
        .string()
        .nullable()
        .describe(
          'When its target is called next; null while a call is under way or nothing is to be called',
        ),
      givesUpAt: z.string().describe('When it fails unless a result has come by then'),
      finishedAt: z.string().nullable(),
      rerunOf: z.string().nullable().describe('The execution that this one repeats'),
      reruns: z
        .array(
          z.object({ executionId: z.string(), status: z.enum(executionStatuses), createdAt: z.string() }),
        )
        .describe('The last 20 that repeat this one, newest first'),
      inputData: z.unknown().describe('The payload that its workflow was given'),
      resultData: z.unknown().optional(),
    }),
  }),
  errors: [...readErrors, 'EXECUTION_NOT_FOUND'],
  example: {
    input: { processInstanceId: instanceId, executionId },
    output: {
      execution: {
        ...summaryExample,
        codikaExecutionId: executionId,
        n8nExecutionId: executionId,
        n8nExecution: { startedAt: createdAt, stoppedAt: '2026-03-30T00:00:01.234Z' },
        startedBy: startedByExample,
        attempts: 1,
        lastFailure: null,
        nextAttemptAt: null,
        givesUpAt: '2026-03-30T00:05:00.000Z',
        finishedAt: '2026-03-30T00:00:01.234Z',
        rerunOf: null,
        reruns: [],
        inputData: { orderId: 42 },
        resultData: { invoice: 'R-42' },
      },
    },
  },
});

export const rerun = defineOperation({
  summary: 'Run an execution again',
  description:
    'Begins a new execution of the same workflow with the same payload, byte for byte, which must fit the input schema as it is now. The new one is on disk when the answer arrives, names the old one as `rerunOf`, and counts against the rate limits of the instance and of the key that asks. Files that the old one has uploaded belong to its result, and stay with it.',
  access: { kind: 'key', families, scope: 'workflows:trigger' },
  audit: { action: 'execution.rerun', resource: 'execution' },
  input: z.strictObject({ processInstanceId: field.id, executionId: field.id }),
  output: z.object({ executionId: z.string(), rerunOf: z.string(), status: z.enum(executionStatuses) }),
  errors: [
    ...readErrors,
    'ROLE_INSUFFICIENT',
    'EXECUTION_NOT_FOUND',
    'EXECUTION_NOT_REPEATABLE',
    'WORKFLOW_NOT_FOUND',
    'INSTANCE_INACTIVE',
    'PAYLOAD_INVALID',
    'RATE_LIMITED',
  ],
  example: {
    input: { processInstanceId: instanceId, executionId },
    output: { executionId: rerunId, rerunOf: executionId, status: 'pending' },
  },
});

const callback = {
  executionId: field.id,
  executionSecret: z.string().min(1).max(255),
  n8nExecutionId: field.foreignText(200).nullish(),
  executionTimeMs: z.number().min(0).max(1e12).nullish(),
};
const callbackErrors = ['EXECUTION_SECRET_INVALID', 'EXECUTION_NOT_PENDING'] as const;
const callbackExample = { executionId, executionSecret: 'EXAMPLE' };

export const submitResult = defineOperation({
  summary: 'Report the result of an execution',
  description: 'The first report counts; a later one, also of an error, is refused.',
  access: byInputSecret,
  input: z.strictObject({ ...callback, resultData: z.unknown() }),
  output: z.object({ executionId: z.string(), status: z.enum(executionStatuses) }),
  errors: callbackErrors,
  bodyLimitBytes: resultLimitBytes,
  opaqueFields: ['resultData'],
  example: {
    input: { ...callbackExample, resultData: { invoice: 'R-42' } },
    output: { executionId, status: 'success' },
  },
});

export const submitError = defineOperation({
  summary: 'Report that an execution failed',
  description: 'The first report counts; a later one, also of a result, is refused.',
  access: byInputSecret,
  input: z.strictObject({
    ...callback,
    errorType: z.enum(executionErrorTypes).default('node_failure'),
    errorMessage: z.string().describe('Kept up to 10,000 characters'),
    failedNodeName: z.string().max(500).nullish(),
    lastExecutedNode: z.string().max(500).nullish(),
  }),
  output: z.object({ executionId: z.string(), status: z.enum(executionStatuses) }),
  errors: callbackErrors,
  opaqueFields: ['errorMessage'],
  example: {
    input: { ...callbackExample, errorType: 'external_api_error', errorMessage: 'The bank did not answer.' },
    output: { executionId, status: 'failed' },
  },
});

export const uploadOutput = defineOperation({
  summary: 'Upload a file that belongs to the result of an execution',
  description: 'As multipart/form-data with one `file`, up to 100 MB, while the execution is pending.',
  access: byInputSecret,
  input: z.strictObject({
    executionId: field.id,
    executionSecret: callback.executionSecret,
    fieldKey: field.foreignText(200).optional(),
    fileName: field.foreignText(255).optional().describe('Otherwise as the file says'),
    mimeType: field.foreignText(200).optional().describe('Otherwise as the file says'),
  }),
  output: z.object({
    documentId: z.string(),
    storagePath: z.string(),
    fileName: z.string(),
    fileSize: z.int(),
    mimeType: z.string(),
  }),
  errors: callbackErrors,
  bodyLimitBytes: 101 * 1024 * 1024,
  example: {
    input: { ...callbackExample, fieldKey: 'invoice' },
    output: {
      documentId: '019d312f-0000-7000-8000-00000000000f',
      storagePath: 'executions/019d312f-0000-7000-8000-00000000000f',
      fileName: 'invoice.pdf',
      fileSize: 52_310,
      mimeType: 'application/pdf',
    },
  },
});

export const create = defineOperation({
  summary: 'Begin an execution that no call has started',
  description: 'For workflows that start by a schedule or an event. A member secret proves who it is for.',
  access: byInputSecret,
  input: z.strictObject({
    memberSecret: z.string().min(1).max(255),
    organizationId: field.id,
    userId: field.id,
    processInstanceId: field.id,
    workflowId: field.workflowId,
    triggerType: z.string().max(100),
    triggerData: z.unknown(),
  }),
  output: z.object({
    executionId: z.string(),
    executionSecret: z.string(),
    callbackUrl: z.string(),
    errorCallbackUrl: z.string(),
    processId: z.string(),
    userId: z.string(),
  }),
  errors: ['MEMBER_SECRET_INVALID', 'INSTANCE_NOT_FOUND', 'WORKFLOW_NOT_FOUND', 'INSTANCE_INACTIVE'],
  bodyLimitBytes: resultLimitBytes,
  opaqueFields: ['triggerData'],
  example: {
    input: {
      memberSecret: 'EXAMPLE',
      organizationId: 'xwk9CcT440Vupa8soIhY',
      userId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
      processInstanceId: instanceId,
      workflowId: 'main',
      triggerType: 'schedule',
      triggerData: {},
    },
    output: {
      executionId,
      executionSecret: 'EXAMPLE',
      callbackUrl: 'https://keys.example.com/submitworkflowresult',
      errorCallbackUrl: 'https://keys.example.com/submitworkflowerror',
      processId: 'pQ8wErT5yU1iO3pA7sDf',
      userId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
    },
  },
});
