import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { listed, mintedByKey } from './key-shapes.ts';

const management = ['organization', 'personal', 'admin', 'session'] as const;
const expiryError = { missing: 'INVALID_EXPIRES_IN_DAYS', invalid: 'INVALID_EXPIRES_IN_DAYS' } as const;
const managementErrors = ['ROLE_REQUIRED', 'ORGANIZATION_MISMATCH'] as const;

const whoseKey = z.object({
  type: z.enum(['org-api-key', 'personal-api-key', 'admin-api-key']),
  organizationId: z.string().optional(),
  organizationName: z.string().optional(),
  keyId: z.string(),
  keyName: z.string(),
  keyPrefix: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
});

const whoseSession = z.object({
  type: z.literal('session'),
  email: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string(),
});

export const whoami = defineOperation({
  summary: 'Say whose key this is',
  description: 'Needs a valid key or session, and no scope.',
  access: { kind: 'key', families: management },
  input: z.strictObject({}),
  output: z.discriminatedUnion('type', [whoseKey, whoseSession]),
  errors: [],
  example: {
    input: {},
    output: {
      type: 'org-api-key',
      organizationId: 'xwk9CcT440Vupa8soIhY',
      organizationName: 'Acme',
      keyId: '019d312f-0000-7000-8000-000000000000',
      keyName: 'CLI default key',
      keyPrefix: 'cko_aB12cD34',
      scopes: ['workflows:trigger'],
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  },
});

const mintedExample = {
  keyId: '019d312f-0000-7000-8000-000000000000',
  apiKey: 'cko_EXAMPLE_NOT_A_KEY',
  keyPrefix: 'cko_aB12cD34',
  name: 'CI Deploy Key',
  scopes: ['deploy:use-case', 'workflows:trigger'],
  createdAt: '2026-03-30T00:00:00.000Z',
};

export const createForOrganization = defineOperation({
  summary: 'Create an organization key',
  description:
    'At most 20 active keys per organization. Nobody can grant a scope that they do not have. The secret is in the answer and nowhere else.',
  access: { kind: 'key', families: management, scope: 'api-keys:manage' },
  audit: { action: 'key.create', resource: 'key' },
  input: z.strictObject({
    organizationId: field.id,
    name: field.label(1, 100),
    scopes: field.scopeNames,
    description: field.description.optional(),
    expiresInDays: field.expiresInDays.optional(),
    rateLimit: field.rateLimit
      .optional()
      .describe('How often it may trigger; as often as it likes unless told'),
  }),
  output: mintedByKey,
  fieldErrors: { expiresInDays: expiryError },
  errors: [
    ...managementErrors,
    'ORGANIZATION_NOT_FOUND',
    'INVALID_SCOPE',
    'SCOPE_ESCALATION',
    'INVALID_EXPIRES_IN_DAYS',
    'MAX_API_KEYS_REACHED',
  ],
  example: {
    input: {
      organizationId: 'xwk9CcT440Vupa8soIhY',
      name: 'CI Deploy Key',
      scopes: ['deploy:use-case', 'workflows:trigger'],
    },
    output: mintedExample,
  },
});

export const createPersonal = defineOperation({
  summary: 'Create a personal key',
  description:
    'A personal key mints for its own user, within its own scopes; a signed-in person for themselves. An admin key names the user by email address.',
  access: { kind: 'key', families: ['personal', 'admin', 'session'], scope: 'api-keys:manage' },
  audit: { action: 'key.create', resource: 'key' },
  input: z.strictObject({
    email: field.email.optional(),
    name: field.label(1, 100),
    scopes: field.scopeNames,
    description: field.description.optional(),
    expiresInDays: field.expiresInDays.optional(),
  }),
  output: mintedByKey,
  fieldErrors: {
    expiresInDays: expiryError,
    email: { missing: 'EMAIL_REQUIRED', invalid: 'EMAIL_INVALID' },
  },
  errors: [
    'EMAIL_REQUIRED',
    'EMAIL_INVALID',
    'USER_NOT_FOUND',
    'INVALID_SCOPE',
    'SCOPE_ESCALATION',
    'INVALID_EXPIRES_IN_DAYS',
    'MAX_API_KEYS_REACHED',
  ],
  example: {
    input: { name: 'Laptop', scopes: ['organizations:create', 'api-keys:manage'] },
    output: { ...mintedExample, apiKey: 'ckp_EXAMPLE_NOT_A_KEY', keyPrefix: 'ckp_aB12cD34', name: 'Laptop' },
  },
});

export const listOfOrganization = defineOperation({
  summary: 'List the keys of an organization',
  description: 'Newest first. Active keys unless `state` is `all`. Secrets are never listed.',
  access: { kind: 'key', families: management, scope: 'api-keys:manage' },
  input: z.strictObject({
    organizationId: field.id,
    state: z.enum(['active', 'all']).default('active'),
    limit: z.coerce.number().int().min(1).max(200).default(100),
    cursor: field.id.optional().describe('`nextCursor` of the page before'),
  }),
  output: z.object({ keys: z.array(listed), nextCursor: z.string().nullable() }),
  errors: [...managementErrors, 'ORGANIZATION_NOT_FOUND'],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY' },
    output: { keys: [], nextCursor: null },
  },
});

export const update = defineOperation({
  summary: 'Rename a key, or change its scopes, description or rate limit',
  description:
    '`scopes` replaces the whole set. At least one field must be given; an empty description clears it. Acts on the next request that the key makes.',
  access: { kind: 'key', families: management, scope: 'api-keys:manage' },
  audit: { action: 'key.update', resource: 'key' },
  input: z.strictObject({
    keyId: field.id,
    name: field.label(1, 100).optional(),
    scopes: field.scopeNames.optional(),
    description: field.description.optional(),
    rateLimit: field.rateLimit.optional().describe('How often it may trigger; null takes the limit away'),
  }),
  output: z.object({
    keyId: z.string(),
    name: z.string(),
    description: z.string(),
    scopes: z.array(z.string()),
    updatedAt: z.string(),
  }),
  errors: [...managementErrors, 'KEY_NOT_FOUND', 'KEY_NOT_ACTIVE', 'INVALID_SCOPE', 'SCOPE_ESCALATION'],
  example: {
    input: { keyId: '019d312f-0000-7000-8000-000000000000', name: 'Production Deploy Key' },
    output: {
      keyId: '019d312f-0000-7000-8000-000000000000',
      name: 'Production Deploy Key',
      description: 'Used by CI/CD pipeline',
      scopes: ['deploy:use-case', 'instances:read', 'projects:read'],
      updatedAt: '2026-03-31T14:00:00.000Z',
    },
  },
});

export const revoke = defineOperation({
  summary: 'Revoke a key',
  description:
    'Final, and in force when the answer arrives. A key may revoke itself without any scope; another key needs api-keys:manage and the role owner or admin. Revoking twice answers the first time.',
  access: { kind: 'key', families: management },
  audit: { action: 'key.revoke', resource: 'key' },
  input: z.strictObject({ keyId: field.id }),
  output: z.object({ keyId: z.string(), revokedAt: z.string() }),
  errors: ['SCOPE_MISSING', ...managementErrors, 'KEY_NOT_FOUND'],
  example: {
    input: { keyId: '019d312f-0000-7000-8000-000000000000' },
    output: { keyId: '019d312f-0000-7000-8000-000000000000', revokedAt: '2026-03-31T14:00:00.000Z' },
  },
});
