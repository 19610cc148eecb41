import { z } from 'zod';
import { auditOutcomes } from '../audit/index.ts';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';

const text = z.string().nullable();
const maxPage = 1_000;
/** One line without quotes and brackets, which begins and ends with something to see. */
const namePart = /^(?! )(?:[^\s\p{Cc}\u202A-\u202E\u2066-\u2069[\]{}"]| (?! *$))+$/u;

const event = z.object({
  kind: z.literal('event'),
  chain: z.string().describe('An organization id, or `server`'),
  seq: z.int().describe('1 for the first event of the chain, then without gaps'),
  at: z.string(),
  action: z.string(),
  actor: z.object({
    kind: z.enum(['user', 'key', 'operator', 'system', 'anonymous']),
    id: text,
    email: text,
    fingerprint: text,
  }),
  resource: z.object({ type: z.string(), id: text }),
  environment: text,
  workspace: text,
  outcome: z.enum(auditOutcomes),
  code: text.describe('The error code of what was refused or has failed'),
  address: text,
  client: text,
  requestId: text,
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  previousHash: z.string(),
  hash: z.string(),
});

const checkpoint = z.object({
  kind: z.literal('checkpoint'),
  chain: z.string(),
  seq: z.int(),
  hash: z.string(),
  at: z.string(),
  publicKey: z.string().describe('Ed25519, raw, base64url'),
  signature: z.string().describe('base64url'),
});

/** Owners and admins, and the keys that act for them: the trail names people and where they were. */
const access = {
  kind: 'key',
  families: ['organization', 'personal', 'admin', 'session'],
  scope: 'api-keys:manage',
} as const;
const chain = field.id.describe(
  'An organization id; `server` for what belongs to none, which an admin key alone may read',
);
const errors = ['ROLE_REQUIRED', 'ORGANIZATION_MISMATCH', 'ORGANIZATION_NOT_FOUND'] as const;

const eventExample = {
  kind: 'event',
  chain: 'xwk9CcT440Vupa8soIhY',
  seq: 1,
  at: '2026-03-30T00:00:00.000Z',
  action: 'key.create',
  actor: { kind: 'user', id: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9', email: 'ann@example.com', fingerprint: null },
  resource: { type: 'key', id: '019d312f-0000-7000-8000-000000000000' },
  environment: 'dev',
  workspace: 'payments',
  outcome: 'done',
  code: null,
  address: '203.0.113.7',
  client: 'latchkey/0.1.0',
  requestId: '019d312f-0000-7000-8000-000000000001',
  details: { name: 'github-actions-deploy' },
  previousHash: '0'.repeat(64),
  hash: 'a3f9'.repeat(16),
} as const;

export const list = defineOperation({
  summary: 'List audit events',
  description:
    'Every change and every refusal of one, newest first. Filters go together: an event is listed when all of them fit.',
  access,
  input: z.strictObject({
    organizationId: chain,
    since: field.instant.optional(),
    until: field.instant.optional().describe('Up to, and not including'),
    action: z
      .string()
      .regex(/^[a-z]{1,30}\.[a-z_]{1,30}$/)
      .optional()
      .describe('As `key.create`'),
    actor: z
      .string()
      .max(254)
      .regex(namePart)
      .optional()
      .describe('A user id, a key id, an email address or a part of one, or a part of the name of a key'),
    resource: z
      .string()
      .regex(/^[\w-]{1,100}$/)
      .optional()
      .describe('The id of what was changed'),
    outcome: z.enum(auditOutcomes).optional(),
    environment: field.environment.optional(),
    workspace: field.slug.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
    cursor: z.coerce.number().int().min(1).optional().describe('`nextCursor` of the page before'),
  }),
  output: z.object({
    events: z.array(event),
    names: z
      .record(
        z.string(),
        z.object({
          name: z.string(),
          processInstanceId: text.describe('Of what belongs to an instance: executions and signing secrets'),
        }),
      )
      .describe('What ids of these events are called now, by id; of what is gone nothing'),
    nextCursor: z.int().nullable(),
  }),
  errors: [...errors],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY', action: 'key.create' },
    output: {
      events: [eventExample],
      names: { [eventExample.resource.id]: { name: 'github-actions-deploy', processInstanceId: null } },
      nextCursor: null,
    },
  },
});

export const exportChain = defineOperation({
  summary: 'Export an audit chain',
  description:
    'All events from the first on, in order, page by page, with the checkpoints between them. The last page ends with a checkpoint that the server signs for it. Written one per line, the whole can be checked without the server: `latchkey audit verify`.',
  access,
  input: z.strictObject({
    organizationId: chain,
    after: z.coerce.number().int().min(0).default(0).describe('`nextAfter` of the page before'),
    limit: z.coerce.number().int().min(1).max(maxPage).default(maxPage).describe('Events of the page'),
  }),
  output: z.object({
    lines: z.array(z.discriminatedUnion('kind', [event, checkpoint])),
    nextAfter: z.int().nullable().describe('null on the last page'),
  }),
  errors: [...errors],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY' },
    output: {
      lines: [
        eventExample,
        {
          kind: 'checkpoint',
          chain: eventExample.chain,
          seq: 1,
          hash: eventExample.hash,
          at: '2026-03-31T00:00:00.000Z',
          publicKey: 'A'.repeat(43),
          signature: 'A'.repeat(86),
        },
      ],
      nextAfter: null,
    },
  },
});
