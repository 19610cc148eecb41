import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { hmacSettings, signatureCauses, signingSchemes, toleranceSeconds } from '../signing.ts';
import { instanceId } from './instance-shapes.ts';

const families = ['organization', 'personal', 'admin', 'session'] as const;
const managing = { kind: 'key', families, scope: 'instances:manage' } as const;
const place = { processInstanceId: field.id, workflowId: field.workflowId };
const placeErrors = [
  'INSTANCE_NOT_FOUND',
  'ORGANIZATION_MISMATCH',
  'NOT_SHARED',
  'ROLE_INSUFFICIENT',
  'WORKFLOW_NOT_FOUND',
] as const;
const oneErrors = [...placeErrors, 'SIGNING_SECRET_NOT_FOUND'] as const;

const signingSecret = z.object({
  signingSecretId: z.string(),
  workflowId: z.string(),
  scheme: z.enum(signingSchemes),
  label: z.string(),
  state: z.enum(['active', 'retired']),
  createdAt: z.string(),
  retiredAt: z.string().nullable(),
});

const placeExample = { processInstanceId: instanceId, workflowId: 'main' };
const shownExample = {
  signingSecretId: '019d312f-0000-7000-8000-00000000000c',
  workflowId: 'main',
  scheme: 'stripe',
  label: 'Stripe, live',
  state: 'active',
  createdAt: '2026-03-30T00:00:00.000Z',
  retiredAt: null,
} as const;

export const add = defineOperation({
  summary: 'Add a signing secret to a workflow',
  description:
    'Whoever signs with it may trigger this workflow, and nothing else. Several may be active at once, which is how one is rotated. It is kept sealed and never shown again.',
  access: managing,
  audit: { action: 'signing_secret.add', resource: 'signing_secret' },
  input: z.strictObject({
    ...place,
    scheme: z.enum(signingSchemes).default('standard'),
    secret: z.string().min(1).max(4000).describe('As the sender shows it'),
    label: field.label(1, 100).optional().describe('For people; the scheme unless told'),
    toleranceSeconds: toleranceSeconds
      .optional()
      .describe('How far the clock of the sender may be off, either way; 300 unless told'),
    settings: hmacSettings.optional().describe('Of the scheme `hmac`, and needed there'),
  }),
  output: signingSecret,
  errors: [...placeErrors, 'INVALID_SIGNING_SECRET', 'SIGNING_SECRET_LIMIT', 'INSTANCE_INACTIVE'],
  example: {
    input: { ...placeExample, scheme: 'stripe', secret: 'whsec_EXAMPLE', label: 'Stripe, live' },
    output: shownExample,
  },
});

export const list = defineOperation({
  summary: 'List the signing secrets of a workflow',
  description: 'Oldest first, retired ones too. The secrets themselves are never shown.',
  access: { kind: 'key', families, scope: 'instances:read' },
  input: z.strictObject(place),
  output: z.object({ signingSecrets: z.array(signingSecret) }),
  errors: ['INSTANCE_NOT_FOUND', 'ORGANIZATION_MISMATCH', 'NOT_SHARED', 'WORKFLOW_NOT_FOUND'],
  example: { input: placeExample, output: { signingSecrets: [shownExample] } },
});

const deliveryExample = {
  at: '2026-03-30T00:00:00.000Z',
  scheme: 'stripe',
  outcome: 'refused',
  code: 'INVALID_SIGNATURE',
  cause: 'old_secret',
  explanation: 'The signature is not accepted: it was made with a signing secret that has been retired.',
  nextAction: 'Give the sender the signing secret that is live now, or add the one that it uses.',
  signingSecretId: null,
  label: null,
  messageId: 'evt_1',
  sizeBytes: 1234,
  executionId: null,
} as const;

export const deliveries = defineOperation({
  summary: 'List the last deliveries to a workflow that came with a signature',
  description:
    'Newest first, within a few seconds: the last 25 that were accepted and the last 25 that were refused, for whatever reason, with the reason. Bodies are not kept.',
  access: { kind: 'key', families, scope: 'instances:read' },
  input: z.strictObject(place),
  output: z.object({
    deliveries: z.array(
      z.object({
        at: z.string(),
        scheme: z.enum(signingSchemes).describe('That it claims to be signed under'),
        outcome: z
          .enum(['accepted', 'repeated', 'refused'])
          .describe('repeated: it came before, and started nothing'),
        code: z.string().describe('`OK`, or the error code that the sender got'),
        cause: z.enum(signatureCauses).nullable().describe('Why its signature was refused'),
        explanation: z.string().nullable().describe('Why it was refused'),
        nextAction: z.string().nullable().describe('What to do about it'),
        signingSecretId: z.string().nullable().describe('The one that made the signature'),
        label: z.string().nullable().describe('Of that signing secret'),
        messageId: z.string().nullable().describe('As the sender says it; not verified where it was refused'),
        sizeBytes: z.int(),
        executionId: z.string().nullable(),
      }),
    ),
  }),
  errors: ['INSTANCE_NOT_FOUND', 'ORGANIZATION_MISMATCH', 'NOT_SHARED', 'WORKFLOW_NOT_FOUND'],
  example: { input: placeExample, output: { deliveries: [deliveryExample] } },
});

const secretCheck = z.object({
  signingSecretId: z.string(),
  label: z.string(),
  scheme: z.enum(signingSchemes),
  ok: z.boolean().nullable().describe('null: a public key can only verify, so that no sample can be signed'),
});

export const test = defineOperation({
  summary: 'Test the signing secrets of a workflow',
  description:
    'With the `headers` and the `body` of a message that was recorded: whether its signature would be accepted now, by which secret, and if not, why and what to do next. Without them each active secret signs a sample of its own, which the same check verifies. Starts nothing, and remembers nothing.',
  access: managing,
  readsOnly: true,
  input: z.strictObject({
    ...place,
    headers: z
      .record(z.string().max(100), z.string().max(8_192))
      .refine((headers) => Object.keys(headers).length <= 100, 'must hold at most 100 headers')
      .optional(),
    body: z.string().optional().describe('Exactly as it was sent; UTF-8'),
  }),
  output: z.object({
    accepted: z.boolean().describe('Of a sample: whether every active secret has verified its own'),
    code: z.string().describe('`OK`, or the error code that the sender would get'),
    cause: z.enum(signatureCauses).nullable(),
    explanation: z.string().nullable(),
    nextAction: z.string().nullable(),
    signingSecretId: z.string().nullable().describe('The one that made the signature'),
    label: z.string().nullable().describe('Of that signing secret'),
    secrets: z.array(secretCheck).describe('Of samples only: each active secret'),
  }),
  errors: placeErrors,
  bodyLimitBytes: 2 * 1024 * 1024,
  keyFields: ['headers', 'body'],
  example: {
    input: placeExample,
    output: {
      accepted: true,
      code: 'OK',
      cause: null,
      explanation: null,
      nextAction: null,
      signingSecretId: null,
      label: null,
      secrets: [
        {
          signingSecretId: shownExample.signingSecretId,
          label: shownExample.label,
          scheme: 'stripe',
          ok: true,
        },
      ],
    },
  },
});

export const update = defineOperation({
  summary: 'Label a signing secret',
  description: 'The label is for people only.',
  access: managing,
  audit: { action: 'signing_secret.update', resource: 'signing_secret' },
  input: z.strictObject({ ...place, signingSecretId: field.id, label: field.label(1, 100) }),
  output: signingSecret,
  errors: oneErrors,
  example: {
    input: { ...placeExample, signingSecretId: shownExample.signingSecretId, label: 'Stripe, live' },
    output: shownExample,
  },
});

export const retire = defineOperation({
  summary: 'Retire a signing secret',
  description:
    'Messages that are signed with it are refused from the moment that the answer arrives. Retiring again answers the first time.',
  access: managing,
  audit: { action: 'signing_secret.retire', resource: 'signing_secret' },
  input: z.strictObject({ ...place, signingSecretId: field.id }),
  output: signingSecret,
  errors: oneErrors,
  example: {
    input: { ...placeExample, signingSecretId: shownExample.signingSecretId },
    output: { ...shownExample, state: 'retired', retiredAt: '2026-03-31T00:00:00.000Z' },
  },
});
