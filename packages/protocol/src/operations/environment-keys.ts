import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { receipt, restrictions, shownRestrictions } from './key-shapes.ts';
import { sessionOnly } from './sessions.ts';

/** Where an environment key belongs, as inputs name it. */
export const place = { organizationId: field.id, environment: field.environment };
/** For examples. */
export const placeExample = { organizationId: 'xwk9CcT440Vupa8soIhY', environment: 'dev' } as const;
/** A key never mints, rotates or revokes a key (contract/culvii.md A.4). */
const minting = { ...sessionOnly, refusal: 'KEY_CANNOT_MINT' } as const;
const workspaceErrors = { missing: 'INVALID_SLUG', invalid: 'INVALID_SLUG' } as const;
/** What a level that is missing or none is refused with. */
export const levelErrors = { missing: 'INVALID_LEVEL', invalid: 'INVALID_LEVEL' } as const;

/** The key that is meant. */
export const fingerprintOrName = field
  .label(1, 200)
  .describe('Fingerprint as shown or whole, handle, or a name that only one key has; never the secret');
const workspaceOrWide = z.string().nullable().describe('Slug; null for a tenant-wide key');

const use = z
  .object({
    at: z.string().describe('Within a few seconds'),
    address: z.string().nullable().describe('The network address it came from'),
    client: z.string().nullable().describe('The User-Agent it came with'),
  })
  .nullable()
  .describe('The last accepted use; null when there was none');

const minted = z.object({
  keyId: z.string(),
  name: z.string(),
  description: z.string(),
  environment: field.environment,
  workspace: workspaceOrWide,
  level: field.level,
  fingerprint: z.string(),
  handle: z.string().describe('Prefix and both ends of the fingerprint'),
  createdAt: z.string(),
  apiKey: z.string().describe('The whole key, shown this once'),
});

const useExample = { at: '2026-03-29T12:00:00.000Z', address: '203.0.113.7', client: 'deploy-bot/1.4' };
/** For examples. */
export const mintedExample = {
  keyId: '019d312f-0000-7000-8000-000000000000',
  name: 'github-actions-deploy',
  description: '',
  environment: 'dev',
  workspace: 'payments',
  level: 'developer',
  fingerprint: 'a3f9...8c2d',
  handle: 'ck_dev_a3f9_8c2d',
  createdAt: '2026-03-30T00:00:00.000Z',
  apiKey: 'ck_dev_EXAMPLE_NOT_A_KEY',
} as const;

export const create = defineOperation({
  summary: 'Create an environment key',
  description:
    'For one environment, tenant-wide or restricted to a workspace, at most at the level that the caller has there. At most 5 active keys per workspace, and 5 tenant-wide ones per environment. The secret is in the answer and nowhere else.',
  access: minting,
  audit: { action: 'key.create', resource: 'key' },
  showsSecret: true,
  input: z.strictObject({
    ...place,
    name: field.label(1, 100),
    workspace: field.slug.optional().describe('Left out for a tenant-wide key'),
    level: field.level.default('developer'),
    description: field.description.optional(),
    ...restrictions,
  }),
  output: minted,
  fieldErrors: { name: { missing: 'NAME_REQUIRED' }, level: levelErrors, workspace: workspaceErrors },
  errors: [
    'NAME_REQUIRED',
    'INVALID_LEVEL',
    'INVALID_SLUG',
    'INVALID_ADDRESS',
    'ORGANIZATION_NOT_FOUND',
    'WORKSPACE_NOT_FOUND',
    'LEVEL_ESCALATION',
    'WORKSPACE_KEY_LIMIT',
    'ORGANIZATION_KEY_LIMIT',
  ],
  example: {
    input: { ...placeExample, name: 'github-actions-deploy', workspace: 'payments', level: 'developer' },
    output: mintedExample,
  },
});

const listed = z.object({
  keyId: z.string(),
  name: z.string(),
  description: z.string(),
  workspace: workspaceOrWide,
  level: field.level,
  fingerprint: z.string(),
  state: z.enum(['active', 'rotating', 'disabled', 'revoked']),
  createdAt: z.string(),
  createdBy: z.string().nullable().describe('Email address'),
  createdByDeparted: z.boolean().describe('Whether its creator is no longer a member'),
  rotatedFrom: z.string().nullable().describe('Fingerprint of the key that this one replaces'),
  endsAt: z.string().nullable().describe('When a rotated key ends by itself'),
  revokedAt: z.string().nullable(),
  disabledAt: z.string().nullable(),
  lastUsed: use,
  ...shownRestrictions,
});

export const list = defineOperation({
  summary: 'List the environment keys of an environment',
  description:
    'Newest first. Keys that have not ended, disabled ones too, unless `state` is `all`. Secrets are never listed. An environment key of the level admin may list too, what lies within its own reach.',
  access: { ...sessionOnly, families: ['session', 'environment'] },
  input: z.strictObject({
    ...place,
    workspace: field.slug.optional().describe('Only the keys that are restricted to it'),
    state: z.enum(['active', 'all']).default('active'),
    limit: z.coerce.number().int().min(1).max(200).default(100),
    cursor: field.id.optional().describe('`nextCursor` of the page before'),
  }),
  output: z.object({ keys: z.array(listed), nextCursor: z.string().nullable() }),
  fieldErrors: { workspace: workspaceErrors },
  errors: ['INVALID_SLUG', 'ORGANIZATION_NOT_FOUND', 'WORKSPACE_NOT_FOUND', 'KEY_SCOPE_INSUFFICIENT'],
  example: {
    input: placeExample,
    output: {
      keys: [
        {
          keyId: mintedExample.keyId,
          name: mintedExample.name,
          description: '',
          workspace: 'payments',
          level: 'developer',
          fingerprint: mintedExample.fingerprint,
          state: 'active',
          createdAt: mintedExample.createdAt,
          createdBy: 'ann@example.com',
          createdByDeparted: false,
          rotatedFrom: null,
          endsAt: null,
          revokedAt: null,
          disabledAt: null,
          lastUsed: useExample,
          allowedAddresses: null,
          resources: null,
          limits: null,
          budget: null,
        },
      ],
      nextCursor: null,
    },
  },
});

export const rotate = defineOperation({
  summary: 'Replace an environment key',
  description:
    'Makes a key with the same name, level, environment and workspace. Both are valid for 24 hours, then the old one has ended. `replaced.lastUsed` says who still uses it.',
  access: minting,
  audit: { action: 'key.rotate', resource: 'key' },
  showsSecret: true,
  input: z.strictObject({ ...place, key: fingerprintOrName }),
  output: minted.extend({
    replaced: z.object({
      keyId: z.string(),
      fingerprint: z.string(),
      endsAt: z.string(),
      lastUsed: use,
    }),
    receipt: receipt.optional(),
  }),
  errors: [
    'ORGANIZATION_NOT_FOUND',
    'ENVIRONMENT_KEY_NOT_FOUND',
    'KEY_NAME_AMBIGUOUS',
    'NOT_KEY_MANAGER',
    'LEVEL_ESCALATION',
    'CANNOT_ROTATE_REVOKED',
    'KEY_NOT_ACTIVE',
    'ALREADY_ROTATING',
  ],
  example: {
    input: { ...placeExample, key: 'a3f9...8c2d' },
    output: {
      ...mintedExample,
      keyId: '019d312f-0000-7000-8000-000000000001',
      fingerprint: 'b7e2...3d91',
      handle: 'ck_dev_b7e2_3d91',
      replaced: {
        keyId: mintedExample.keyId,
        fingerprint: 'a3f9...8c2d',
        endsAt: '2026-03-31T00:00:00.000Z',
        lastUsed: useExample,
      },
    },
  },
});

export const revoke = defineOperation({
  summary: 'Revoke an environment key',
  description:
    'Final, and in force when the answer arrives. Revoking a revoked key answers the first time. With `dryRun` nothing is changed: it says which key is meant, and refuses whoever may not revoke it.',
  access: { ...sessionOnly, refusal: 'KEY_CANNOT_REVOKE' },
  audit: { action: 'key.revoke', resource: 'key' },
  input: z.strictObject({ ...place, key: fingerprintOrName, dryRun: z.boolean().default(false) }),
  output: z.object({
    keyId: z.string(),
    name: z.string(),
    fingerprint: z.string(),
    revokedAt: z.string().nullable().describe('null where a dry run met a key that is not revoked'),
    predecessor: z
      .object({ fingerprint: z.string(), endsAt: z.string() })
      .nullable()
      .describe('The key that this one replaces, while that is still valid: it ends all the same'),
    receipt: receipt.optional(),
  }),
  errors: ['ORGANIZATION_NOT_FOUND', 'ENVIRONMENT_KEY_NOT_FOUND', 'KEY_NAME_AMBIGUOUS', 'NOT_KEY_MANAGER'],
  example: {
    input: { ...placeExample, key: 'github-actions-deploy' },
    output: {
      keyId: mintedExample.keyId,
      name: mintedExample.name,
      fingerprint: mintedExample.fingerprint,
      revokedAt: '2026-03-31T14:00:00.000Z',
      predecessor: null,
    },
  },
});

export const whoami = defineOperation({
  summary: 'Say whose environment key this is, and whether it may',
  description:
    'The place where an environment key is presented, as x-api-key or Authorization: Bearer. `workspace` asks whether the key reaches that workspace, `level` whether it has at least that level.',
  access: { kind: 'key', families: ['environment'], unauthenticated: 'NOT_AUTHENTICATED' },
  input: z.strictObject({
    environment: field.environment,
    workspace: field.slug.optional(),
    level: field.level.optional(),
  }),
  output: z.object({
    organizationId: z.string(),
    organizationName: z.string(),
    environment: field.environment,
    workspace: workspaceOrWide,
    keyId: z.string(),
    keyName: z.string(),
    fingerprint: z.string(),
    level: field.level,
    scopes: z.array(z.string()),
    createdAt: z.string(),
    endsAt: z.string().nullable().describe('When the key ends because it was rotated'),
  }),
  fieldErrors: { workspace: workspaceErrors, level: levelErrors },
  errors: ['INVALID_SLUG', 'INVALID_LEVEL', 'WORKSPACE_NOT_FOUND', 'KEY_SCOPE_INSUFFICIENT'],
  example: {
    input: { environment: 'dev', workspace: 'payments', level: 'runner' },
    output: {
      organizationId: 'xwk9CcT440Vupa8soIhY',
      organizationName: 'Acme',
      environment: 'dev',
      workspace: 'payments',
      keyId: mintedExample.keyId,
      keyName: mintedExample.name,
      fingerprint: mintedExample.fingerprint,
      level: 'developer',
      scopes: ['projects:read', 'workflows:trigger'],
      createdAt: mintedExample.createdAt,
      endsAt: null,
    },
  },
});
