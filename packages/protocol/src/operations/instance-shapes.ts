import { z } from 'zod';
import { workflowModes } from '../door.ts';
import * as field from '../fields.ts';

/** A JSON Schema for the payload; the instances domain says what is wrong with one. */
const inputSchema = z.record(z.string(), z.unknown());

/** A workflow as callers describe it. */
export const workflowInput = z.strictObject({
  workflowId: field.workflowId,
  name: field.label(1, 100).optional(),
  targetUrl: z.string().max(2000).describe('Where the execution is sent: an http or https URL'),
  mode: z.enum(workflowModes).default('sync').describe("`sync`: the target's answer is the result"),
  timeoutSeconds: z.int().min(1).max(86_400).default(300).describe('From the trigger to the result'),
  idempotent: z
    .boolean()
    .default(false)
    .describe('Whether the target may be called again where nobody knows what came of a call'),
  inputSchema: inputSchema
    .optional()
    .describe(
      'JSON Schema (2020-12) of the payload, without references to elsewhere or in a circle. Texts that have to fit a pattern may have 2000 characters, lists whose items are unique 256 items.',
    ),
});

/** A list of them, each id once. */
export const workflowInputs = z
  .array(workflowInput)
  .min(1)
  .max(100)
  .refine((all) => new Set(all.map(({ workflowId }) => workflowId)).size === all.length, {
    message: 'must name each workflowId once',
  });

/** What can be set of an instance, when it is made and later. */
export const instanceSettings = {
  sharedWith: field.sharedWith.describe(
    'Who beside owners and admins, and whoever made it, sees it: `everyone`, or nobody else',
  ),
  queryKeys: z
    .boolean()
    .describe(
      'Whether the key may stand in the URL, for senders that cannot set headers. It then shows in their logs.',
    ),
  maxConcurrency: z.int().min(1).max(1000).describe('Calls of targets under way at once, per server process'),
  rateLimit: field.rateLimit,
};

/** The exact keys that published clients count (contract/codika.md D.19). */
const deployedWorkflow = z.object({
  workflowId: z.string(),
  n8nWorkflowId: z.string().nullable(),
  workflowName: z.string(),
  n8nWorkflowIsActive: z.boolean().nullable().optional(),
  triggers: z
    .array(
      z.object({
        type: z.string(),
        method: z.string().optional(),
        inputSchema: inputSchema.optional(),
      }),
    )
    .optional(),
  cost: z.number().nullable().optional(),
  integrationUids: z.array(z.string()).optional(),
});

/** A workflow in its own right, as the instance's own answers show it. */
export const shownWorkflow = z.object({
  workflowId: z.string(),
  name: z.string(),
  triggerUrl: z.string(),
  targetUrl: z.string(),
  mode: z.enum(workflowModes),
  timeoutSeconds: z.int(),
  idempotent: z.boolean(),
  inputSchema: inputSchema.nullable(),
});

/** An instance as lists show it (contract/codika.md D.20). */
export const listedInstance = z.object({
  processInstanceId: z.string(),
  processId: z.string(),
  title: z.string(),
  environment: field.environment,
  isActive: z.boolean(),
  archived: z.boolean(),
  currentVersion: z.string(),
  installedAt: z.string().nullable(),
  lastExecutedAt: z.string().nullable().describe('Within a few seconds'),
  inactiveReason: z.string().optional(),
});

/** An instance, whole (contract/codika.md D.19), and beside it what is our own. */
export const instance = listedInstance.extend({
  organizationId: z.string(),
  deployment: z
    .object({
      deploymentInstanceId: z.string(),
      deploymentStatus: z.enum(['pending', 'deploying', 'deployed', 'failed', 'updating']),
      deploymentParameters: z.record(z.string(), z.unknown()),
      deploymentInputSchema: z.array(z.unknown()),
      workflows: z.array(deployedWorkflow),
    })
    .nullable(),
  ...instanceSettings,
  revision: z
    .int()
    .describe('Moves with every change of the instance, its workflows, its key and its signing secrets'),
  keyPrefix: z.string().describe('The first 12 characters of the instance key; empty once it is archived'),
  workflows: z.array(shownWorkflow),
});

/** The secrets of an instance, as few answers hold them. */
export const instanceSecrets = z.object({
  processInstanceId: z.string(),
  keyId: z.string(),
  keyPrefix: z.string(),
  apiKey: z.string().describe('The instance key'),
  webhookSecret: z
    .string()
    .describe('What targets check the signature of our calls with (Standard Webhooks)'),
});

export const instanceId = '019d312f-0000-7000-8000-00000000000a';
export const secretsExample = {
  processInstanceId: instanceId,
  keyId: '019d312f-0000-7000-8000-00000000000b',
  keyPrefix: 'ck_aB12cD34e',
  apiKey: 'ck_EXAMPLE_NOT_A_KEY',
  webhookSecret: 'whsec_EXAMPLE',
};
export const listedExample = {
  processInstanceId: instanceId,
  processId: 'pQ8wErT5yU1iO3pA7sDf',
  title: 'Orders',
  environment: 'prod',
  isActive: true,
  archived: false,
  currentVersion: '1.0',
  installedAt: '2026-03-30T00:00:00.000Z',
  lastExecutedAt: null,
} as const;
export const instanceExample = {
  ...listedExample,
  organizationId: 'xwk9CcT440Vupa8soIhY',
  deployment: {
    deploymentInstanceId: instanceId,
    deploymentStatus: 'deployed',
    deploymentParameters: {},
    deploymentInputSchema: [],
    workflows: [{ workflowId: 'main', n8nWorkflowId: null, workflowName: 'main' }],
  },
  sharedWith: 'admins',
  queryKeys: true,
  maxConcurrency: 16,
  rateLimit: null,
  revision: 1,
  keyPrefix: 'ck_aB12cD34e',
  workflows: [
    {
      workflowId: 'main',
      name: 'main',
      triggerUrl: `https://keys.example.com/webhook/${instanceId}/main`,
      targetUrl: 'https://orders.example.com/run',
      mode: 'sync',
      timeoutSeconds: 300,
      idempotent: false,
      inputSchema: null,
    },
  ],
} as const;
