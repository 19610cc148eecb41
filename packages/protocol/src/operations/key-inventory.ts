import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { shownRestrictions } from './key-shapes.ts';

const families = ['organization', 'personal', 'environment', 'instance'] as const;

/** A key of any family as lists show it: never the secret. */
export const inventoried = z.object({
  keyId: z.string(),
  family: z.enum(families),
  name: z.string().describe('Of the key of an instance, with the title that the instance has now'),
  description: z.string(),
  shown: z.string().describe('What the key is told by: its first 12 characters, or its fingerprint'),
  scopes: z.array(z.string()).nullable().describe('Of organization and personal keys'),
  level: field.level.nullable().describe('Of environment keys'),
  environment: field.environment.nullable(),
  workspace: z.string().nullable(),
  instance: z.object({ id: z.string(), title: z.string() }).nullable(),
  state: z.enum(['active', 'rotating', 'disabled', 'expired', 'revoked']),
  createdAt: z.string(),
  createdBy: z
    .string()
    .nullable()
    .describe('Email address; of the key of an instance, that of whoever made the instance'),
  createdByDeparted: z.boolean().describe('Whether its creator is no longer a member'),
  endsAt: z.string().nullable().describe('When it expires, or its rotation ends it'),
  revokedAt: z.string().nullable(),
  disabledAt: z.string().nullable(),
  lastUsed: z
    .object({ at: z.string(), address: z.string().nullable(), client: z.string().nullable() })
    .nullable()
    .describe('Within a few seconds'),
  ...shownRestrictions,
});

/** For examples. */
export const inventoriedExample: z.output<typeof inventoried> = {
  keyId: '019d312f-0000-7000-8000-000000000000',
  family: 'organization',
  name: 'Production Deploy Key',
  description: 'Used by CI',
  shown: 'cko_aB12cD34',
  scopes: ['deploy:use-case', 'projects:read'],
  level: null,
  environment: null,
  workspace: null,
  instance: null,
  state: 'active',
  createdAt: '2026-03-31T14:00:00.000Z',
  createdBy: 'ann@example.com',
  createdByDeparted: false,
  endsAt: null,
  revokedAt: null,
  disabledAt: null,
  lastUsed: { at: '2026-03-31T14:05:00.000Z', address: '203.0.113.9', client: 'curl/8.5.0' },
  allowedAddresses: null,
  resources: null,
  limits: null,
  budget: null,
};

export const inventory = defineOperation({
  summary: 'List the keys of every family in an organization',
  description:
    'Everything that can act here: organization, environment and instance keys, and the personal keys of members. Owners and admins see all of it, other members the environment keys and what is their own. Keys that have not ended unless `state` says otherwise. Secrets are never listed.',
  access: { kind: 'key', families: ['personal', 'session'], scope: 'api-keys:manage' },
  input: z.strictObject({
    organizationId: field.id,
    family: z.enum(families).optional(),
    state: z.enum(['live', 'disabled', 'ended', 'all']).default('live'),
    environment: field.environment.optional(),
    text: field
      .label(1, 100)
      .optional()
      .describe(
        'Part of a name, of what is shown of the key, or of its creator; or how an environment key begins. The key of an instance is found by the title of that',
      ),
    endsBefore: field.instant.optional().describe('Those that expire, or that their rotation ends, before'),
    unusedSince: field.instant.optional().describe('Those made before and not used since'),
    sort: z.enum(['created', 'name', 'lastUsed', 'ends']).default('created'),
    order: z.enum(['ascending', 'descending']).default('descending'),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  }),
  output: z.object({
    keys: z.array(inventoried),
    total: z.int().describe('How many there are in all'),
  }),
  errors: ['ORGANIZATION_NOT_FOUND'],
  example: {
    input: { organizationId: 'V9PtFPEkbsQVrTqaXPO6' },
    output: {
      keys: [inventoriedExample],
      total: 1,
    },
  },
});
