import { z } from 'zod';
import { executionErrorTypes, executionStatuses } from '../door.ts';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { instanceId } from './instance-shapes.ts';

const executionId = '019d312f-0000-7000-8000-00000000000d';

/** Why an execution failed (contract/codika.md E.4). */
export const errorDetails = z.object({
  type: z.enum(executionErrorTypes),
  message: z.string(),
  code: z.string().optional(),
  failedNodeName: z.string().optional(),
});

export const trigger = defineOperation({
  summary: 'Trigger a workflow',
  description:
    'The execution is on disk when the answer arrives. An object without `payload` is the payload itself; a signed message is taken as it was sent. A signed message that was seen before answers with its first execution.',
  access: { kind: 'door', scope: 'workflows:trigger', signed: true },
  input: z.strictObject({
    processInstanceId: field.id,
    workflowId: field.workflowId,
    payload: z.record(z.string(), z.unknown()).default({}),
  }),
  output: z.object({ executionId: z.string(), message: z.string() }),
  errors: [
    'INSTANCE_NOT_FOUND',
    'WORKFLOW_NOT_FOUND',
    'INSTANCE_INACTIVE',
    'PAYLOAD_INVALID',
    'RATE_LIMITED',
    'INVALID_SIGNATURE',
    'SIGNATURE_EXPIRED',
    'NO_SIGNING_SECRET',
  ],
  opaqueFields: ['payload'],
  example: {
    input: { processInstanceId: instanceId, workflowId: 'main', payload: { orderId: 42 } },
    output: { executionId, message: 'Execution started' },
  },
});

export const status = defineOperation({
  summary: 'Read the status of an execution',
  description: 'Readable from the moment that the trigger was answered. Anything but `pending` is final.',
  access: { kind: 'door', scope: 'workflows:trigger', signed: false },
  input: z.strictObject({ processInstanceId: field.id, executionId: field.id }),
  output: z.object({
    execution: z.object({
      executionId: z.string(),
      status: z.enum(executionStatuses),
      createdAt: z.string(),
      duration: z.number().optional().describe('Milliseconds'),
      resultData: z.unknown().optional(),
      errorDetails: errorDetails.optional(),
    }),
  }),
  errors: ['INSTANCE_NOT_FOUND', 'EXECUTION_NOT_FOUND', 'SIGNATURE_NOT_ACCEPTED'],
  example: {
    input: { processInstanceId: instanceId, executionId },
    output: {
      execution: {
        executionId,
        status: 'success',
        createdAt: '2026-03-30T00:00:00.000Z',
        duration: 1234,
        resultData: { invoice: 'R-42' },
      },
    },
  },
});
