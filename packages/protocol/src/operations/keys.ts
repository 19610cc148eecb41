import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { listed, mintedByKey, receipt, receiptExample, restrictions } from './key-shapes.ts';

const management = ['organization', 'personal', 'admin', 'session'] as const;
const managing = { kind: 'key', families: management, scope: 'api-keys:manage' } as const;
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
  access: managing,
  audit: { action: 'key.create', resource: 'key' },
  showsSecret: true,
  input: z.strictObject({
    organizationId: field.id,
    name: field.label(1, 100),
    scopes: field.scopeNames,
    description: field.description.optional(),
    expiresInDays: field.expiresInDays.optional(),
    rateLimit: field.rateLimit
      .optional()
      .describe('How often it may trigger; as often as it likes unless told'),
    ...restrictions,
  }),
  output: mintedByKey,
  fieldErrors: { expiresInDays: expiryError },
  errors: [
    ...managementErrors,
    'ORGANIZATION_NOT_FOUND',
    'INVALID_ADDRESS',
    'INVALID_SCOPE',
    'SCOPE_ESCALATION',
    'RESTRICTION_ESCALATION',
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
  showsSecret: true,
  input: z.strictObject({
    email: field.email.optional(),
    name: field.label(1, 100),
    scopes: field.scopeNames,
    description: field.description.optional(),
    expiresInDays: field.expiresInDays.optional(),
    ...restrictions,
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
    'INVALID_ADDRESS',
    'INVALID_SCOPE',
    'SCOPE_ESCALATION',
    'RESTRICTION_ESCALATION',
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
  description:
    'Newest first. Keys that have not ended, disabled ones too, unless `state` is `all`. Secrets are never listed.',
  access: managing,
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
  access: managing,
  audit: { action: 'key.update', resource: 'key' },
  input: z.strictObject({
    keyId: field.id,
    name: field.label(1, 100).optional(),
    scopes: field.scopeNames.optional(),
    description: field.description.optional(),
    rateLimit: field.rateLimit.optional().describe('How often it may trigger; null takes the limit away'),
    ...restrictions,
    receipt: z.boolean().default(false).describe('Answer the receipt of the change too'),
  }),
  output: z.object({
    keyId: z.string(),
    name: z.string(),
    description: z.string(),
    scopes: z.array(z.string()),
    updatedAt: z.string(),
    receipt: receipt.optional(),
  }),
  errors: [
    ...managementErrors,
    'KEY_NOT_FOUND',
    'KEY_NOT_ACTIVE',
    'INVALID_ADDRESS',
    'INVALID_SCOPE',
    'SCOPE_ESCALATION',
    'RESTRICTION_ESCALATION',
  ],
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

const revoked = z.object({ keyId: z.string(), revokedAt: z.string(), receipt: receipt.optional() });

export const revoke = defineOperation({
  summary: 'Revoke a key',
  description:
    'Final, and in force when the answer arrives. A key may revoke itself without any scope; another key needs api-keys:manage and the role owner or admin. Revoking twice answers the first time.',
  access: { kind: 'key', families: management },
  audit: { action: 'key.revoke', resource: 'key' },
  input: z.strictObject({ keyId: field.id }),
  output: revoked,
  errors: ['SCOPE_MISSING', ...managementErrors, 'KEY_NOT_FOUND'],
  example: {
    input: { keyId: '019d312f-0000-7000-8000-000000000000' },
    output: { keyId: '019d312f-0000-7000-8000-000000000000', revokedAt: '2026-03-31T14:00:00.000Z' },
  },
});

/** What disabling and enabling have in common. */
const switching = {
  access: managing,
  input: z.strictObject({ keyId: field.id }),
  output: z.object({
    keyId: z.string(),
    state: z.enum(['active', 'disabled']),
    receipt: receipt.optional(),
  }),
};

export const disable = defineOperation({
  summary: 'Disable a key for a while',
  description:
    'Refused everywhere when the answer arrives, until it is enabled again. Disabling a disabled key changes nothing.',
  ...switching,
  audit: { action: 'key.disable', resource: 'key' },
  errors: [...managementErrors, 'KEY_NOT_FOUND', 'KEY_NOT_ACTIVE'],
  example: {
    input: { keyId: mintedExample.keyId },
    output: { keyId: mintedExample.keyId, state: 'disabled', receipt: receiptExample },
  },
});

export const enable = defineOperation({
  summary: 'Enable a disabled key',
  description:
    'Takes effect on the next request. Whoever enables a key must be able to give what it holds. Enabling an active key changes nothing.',
  ...switching,
  audit: { action: 'key.enable', resource: 'key' },
  errors: [
    ...managementErrors,
    'KEY_NOT_FOUND',
    'KEY_NOT_ACTIVE',
    'SCOPE_ESCALATION',
    'RESTRICTION_ESCALATION',
  ],
  example: {
    input: { keyId: mintedExample.keyId },
    output: { keyId: mintedExample.keyId, state: 'active' },
  },
});

export const revokeOwn = defineOperation({
  summary: 'Revoke the key that this is called with',
  description: 'For whoever holds a key and nothing else. Final, and in force when the answer arrives.',
  access: { kind: 'key', families: ['organization', 'personal', 'admin', 'environment', 'instance'] },
  audit: { action: 'key.revoke', resource: 'key' },
  input: z.strictObject({}),
  output: revoked,
  errors: [],
  example: {
    input: {},
    output: { keyId: mintedExample.keyId, revokedAt: '2026-03-31T14:00:00.000Z', receipt: receiptExample },
  },
});

export const reportLeaked = defineOperation({
  summary: 'Report a key that was found in the open',
  description:
    'Needs no credential but the key itself, whole: it is revoked, and its owner is told by mail. It is in force when the answer arrives. A key that does not exist here and one that was revoked before are answered alike.',
  access: { kind: 'public' },
  audit: { action: 'key.leaked', resource: 'key' },
  input: z.strictObject({
    key: z.string().max(200).describe('The whole key'),
    foundAt: field.label(1, 500).optional().describe('Where it was found, for its owner'),
  }),
  output: z.object({
    revoked: z.boolean().describe('Whether this report ended a key'),
    revokedAt: z.string().nullable(),
  }),
  // Whoever pastes the line in which they found it is not to be told to start again: the key in it is not kept.
  keyFields: ['key', 'foundAt'],
  errors: ['IP_RATE_LIMITED'],
  example: {
    input: { key: 'cko_EXAMPLE_NOT_A_KEY', foundAt: 'https://git.example.com/acme/site/blob/main/.env' },
    output: { revoked: true, revokedAt: '2026-03-31T14:00:00.000Z' },
  },
});
