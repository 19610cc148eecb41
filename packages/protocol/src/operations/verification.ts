import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { countings, verdictCodes } from '../verdict.ts';

/** Verifying is for back ends, which hold a key of the organization. */
const verifying = { kind: 'key', families: ['organization'], scope: 'keys:verify' } as const;

const families = ['organization', 'personal', 'admin', 'instance', 'environment'] as const;

const question = {
  allScopes: field.scopeNames.optional().describe('The key must have all of these'),
  anyScope: field.scopeNames.optional().describe('The key must have at least one of these'),
  environment: field.environment.optional(),
  workspace: field.slug.optional(),
  resource: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible characters')
    .optional()
    .describe('What it is to be used for; a key that is bound to resources needs one of them'),
  audience: field.audience
    .optional()
    .describe('Who asks, by the name that tokens are made for; a token for somebody else is refused'),
  ip: z
    .string()
    .regex(/^[\x20-\x7e]{0,50}$/, 'must be at most 50 characters of an address')
    .optional()
    .describe('Where it is used from; without it, a key that is bound to addresses is refused'),
  cost: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(1)
    .describe('What an accepted use counts against limits and budget'),
};

const key = z
  .string()
  .max(2_000)
  .describe('What was presented, whole: a key, or a token that was made from one');

const facts = z
  .object({
    keyId: z.string(),
    name: z.string(),
    family: z.enum(families),
    organizationId: z.string(),
    organizationName: z.string(),
    userId: z.string().nullable(),
    processInstanceId: z.string().nullable(),
    scopes: z.array(z.string()),
    environment: field.environment.nullable(),
    workspace: z.string().nullable(),
    resources: z.array(z.string()).nullable(),
    expiresAt: z.int().nullable(),
    revokedAt: z.int().nullable(),
    disabledAt: z.int().nullable(),
    isBoundToAddresses: z.boolean(),
    audience: z.string().optional(),
    counting: z.enum(countings).nullable(),
  })
  .describe('Enough to answer any question about the key; instants are Unix milliseconds');

/** What a verifier that holds a lease may keep. */
const kept = z
  .object({
    asOf: z.int().describe('The number of the last change that this answer knows of'),
    facts: facts.nullable().describe('null: this is no key of the organization'),
    units: z
      .int()
      .describe(
        'How much more the verifier may accept by itself before it asks again, of a key that is counted `fast`',
      ),
    unitsUntil: z.int().nullable().describe('Unix milliseconds; what is left then is forfeited'),
  })
  .describe('Only where a verifier asked for it');

export const verdict = z.object({
  valid: z.boolean(),
  code: z.enum(verdictCodes),
  message: z.string().describe('The verdict in words, for logs and for the holder of the key'),
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  organization: z.object({ id: z.string(), name: z.string() }).nullable(),
  principal: z
    .object({
      type: z.enum(families),
      userId: z.string().nullable(),
      processInstanceId: z.string().nullable(),
    })
    .nullable(),
  scopes: z.array(z.string()),
  environment: field.environment.nullable(),
  workspace: z.string().nullable(),
  expiresAt: z.string().nullable(),
  rateLimit: z
    .object({
      limit: z.int(),
      windowSeconds: z.int(),
      remaining: z.int(),
      resetSeconds: z.int(),
    })
    .nullable()
    .describe('Of the limits of the key the one that has least left'),
  budget: z.object({ total: z.int(), remaining: z.int() }).nullable(),
  kept: kept.optional(),
});

const verdictExample = {
  valid: true,
  code: 'VALID',
  message: 'The key is valid.',
  keyId: '019d312f-0000-7000-8000-000000000000',
  keyName: 'CI Deploy Key',
  organization: { id: 'xwk9CcT440Vupa8soIhY', name: 'Acme' },
  principal: { type: 'organization', userId: null, processInstanceId: null },
  scopes: ['workflows:trigger'],
  environment: null,
  workspace: null,
  expiresAt: null,
  rateLimit: null,
  budget: null,
} as const;

export const verify = defineOperation({
  summary: 'Verify a key that was presented to an API',
  description:
    'Answers 200 whatever the verdict. A key of another organization is `NOT_FOUND`, like one that does not exist. Only a valid use counts against limits and budget.',
  access: verifying,
  readsOnly: true,
  keyFields: ['key'],
  input: z.strictObject({
    key,
    ...question,
    verifier: field.verifierId
      .optional()
      .describe('Of a verifier that holds a lease: answers what it may keep'),
  }),
  output: verdict,
  errors: [],
  example: {
    input: { key: 'cko_EXAMPLE_NOT_A_KEY', allScopes: ['workflows:trigger'] },
    output: verdictExample,
  },
});

export const verifyMany = defineOperation({
  summary: 'Verify up to 100 keys at once',
  description: 'One verdict for each question, in their order. Each is counted by itself.',
  access: verifying,
  readsOnly: true,
  keyFields: ['questions'],
  input: z.strictObject({
    questions: z
      .array(z.strictObject({ key, ...question }))
      .min(1)
      .max(100),
  }),
  output: z.object({ verdicts: z.array(verdict) }),
  errors: [],
  example: {
    input: { questions: [{ key: 'cko_EXAMPLE_NOT_A_KEY' }] },
    output: { verdicts: [verdictExample] },
  },
});

export const renewLease = defineOperation({
  summary: 'Hold a lease on what a verifier knows of keys',
  description:
    'Long poll: answers at the next change, or after `waitMs`. A verifier may answer from memory until the lease has run out, counted from when it sent this request (docs/revocation.md).',
  access: verifying,
  readsOnly: true,
  input: z.strictObject({
    verifier: field.verifierId,
    applied: z
      .int()
      .min(0)
      .nullable()
      .describe('The number up to which it has applied all changes; null at first'),
    mark: z
      .string()
      .regex(/^[\w-]{0,64}$/, 'must be the mark of an answer')
      .default('')
      .describe('That of the answer by which it has applied them'),
    waitMs: z.int().min(0).max(20_000).default(0),
  }),
  output: z.object({
    cursor: z.int().describe('What the verifier has applied once it has applied this answer'),
    mark: z
      .string()
      .describe('To be said with `applied`: the same number may stand for something else one day'),
    leaseMs: z.int().describe('0: none for now'),
    reset: z.boolean().describe('Forget everything: changes were missed'),
    keyIds: z.array(z.string()).describe('Forget these keys'),
    now: z.int().describe('The time of the server, Unix milliseconds'),
  }),
  errors: [],
  example: {
    input: { verifier: 'orders-1', applied: 41, mark: '019d312f-0001-7000-8000-000000000000', waitMs: 1_000 },
    output: {
      cursor: 42,
      mark: '019d312f-0002-7000-8000-000000000000',
      leaseMs: 2_900,
      reset: false,
      keyIds: ['019d312f-0000-7000-8000-000000000000'],
      now: 1_774_965_600_000,
    },
  },
});

export const releaseLease = defineOperation({
  summary: 'Give a lease back',
  description: 'For a verifier that has forgotten everything and stops: nobody has to wait for it any more.',
  access: verifying,
  readsOnly: true,
  input: z.strictObject({ verifier: field.verifierId }),
  output: z.object({ released: z.boolean() }),
  errors: [],
  example: { input: { verifier: 'orders-1' }, output: { released: true } },
});
