import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { sessionOnly } from './sessions.ts';

/** Sizes that an organization may state (contract/codika.md D.17). */
export const organizationSizes = ['solo', '2-10', '11-50', '51-200', '201-1000', '1000+'] as const;

/** Picture types that a logo may have. */
export const logoMimeTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;

const logoMaxBytes = 5 * 1024 * 1024;
/** What a logo of the largest size comes to in base64, and room for the rest. */
const bodyLimitBytes = Math.ceil(logoMaxBytes / 3) * 4 + 256 * 1024;
const name = field.label(2, 100);
const size = z.enum(organizationSizes);
const logo = { logoBase64: z.string().min(1).optional(), logoMimeType: z.enum(logoMimeTypes).optional() };

export const createOrganization = defineOperation({
  summary: 'Create an organization',
  description:
    'The holder of a personal key, or the signed-in person, becomes the owner. An admin key creates an organization without members. A logo is kept and served at /v1/organizations/{organizationId}/logo.',
  access: { kind: 'key', families: ['personal', 'admin', 'session'], scope: 'organizations:create' },
  audit: { action: 'organization.create', resource: 'organization' },
  input: z.strictObject({
    name,
    description: field.description.optional(),
    size: size.optional(),
    logoUrl: z
      .url({ protocol: /^https$/ })
      .max(2000)
      .optional(),
    ...logo,
    n8nBaseUrl: z.url().max(2000).optional(),
    n8nApiKey: z.string().min(1).max(4000).optional(),
    storeCredentialCopy: z.boolean().optional(),
  }),
  output: z.object({ organizationId: z.string() }),
  errors: ['LOGO_INVALID', 'N8N_NOT_AVAILABLE', 'MAX_ORGANIZATIONS_REACHED', 'ORGANIZATION_CREATION_FAILED'],
  example: {
    input: { name: 'Acme', size: '2-10' },
    output: { organizationId: 'xwk9CcT440Vupa8soIhY' },
  },
  bodyLimitBytes,
});

const organization = z.object({
  organizationId: z.string(),
  name: z.string(),
  description: z.string(),
  size: z.string().nullable(),
  logo: z
    .object({ path: z.string(), mimeType: z.string(), sha256: z.string().describe('Hex') })
    .nullable()
    .describe('The picture that is kept, and where this server serves it'),
  logoUrl: z.string().nullable().describe('Where a logo is that is not kept here'),
  createdAt: z.string(),
});
const organizationExample = {
  organizationId: 'xwk9CcT440Vupa8soIhY',
  name: 'Acme',
  description: '',
  size: '2-10',
  logo: {
    path: '/v1/organizations/xwk9CcT440Vupa8soIhY/logo',
    mimeType: 'image/png',
    sha256: 'a3f9'.repeat(16),
  },
  logoUrl: null,
  createdAt: '2026-03-30T00:00:00.000Z',
} as const;

export const get = defineOperation({
  summary: 'Read an organization',
  description: 'Its members may, and its keys that read anything of it.',
  access: {
    kind: 'key',
    families: ['organization', 'personal', 'admin', 'session'],
    scope: 'projects:read',
  },
  input: z.strictObject({ organizationId: field.id }),
  output: organization,
  errors: ['ORGANIZATION_MISMATCH', 'ORGANIZATION_NOT_FOUND', 'ROLE_INSUFFICIENT'],
  example: { input: { organizationId: organizationExample.organizationId }, output: organizationExample },
});

export const update = defineOperation({
  summary: 'Change an organization',
  description:
    'Name, description, size and logo; what is left out stays. `logo: null` takes the logo away. Needs the role owner or admin.',
  access: sessionOnly,
  audit: { action: 'organization.update', resource: 'organization' },
  input: z.strictObject({
    organizationId: field.id,
    name: name.optional(),
    description: field.description.optional(),
    size: size.nullable().optional(),
    ...logo,
    logo: z.null().optional(),
  }),
  output: organization,
  errors: ['LOGO_INVALID', 'ORGANIZATION_NOT_FOUND', 'ADMIN_REQUIRED'],
  example: {
    input: { organizationId: organizationExample.organizationId, name: 'Acme' },
    output: organizationExample,
  },
  bodyLimitBytes,
});

const serverSetting = z.object({
  name: z.enum(['publicUrl', 'database', 'mail', 'upstream', 'triggerBodyLimitBytes']),
  value: z.string().nullable().describe('As far as it is no secret; null where it is not set'),
  otherwise: z.string().describe('What holds where it is not set'),
  description: z.string(),
  variables: z.array(z.string()).describe('What the operator sets it by, in the environment of the server'),
});
const limit = z.object({
  name: z.string(),
  description: z.string(),
  limit: z.int(),
  windowSeconds: z.int().nullable().describe('null for what is counted for as long as it is there'),
});

export const settings = defineOperation({
  summary: 'Say what the server is set to',
  description:
    'As far as it concerns an organization: nothing of it is secret, and nothing can be changed here. Needs the role owner or admin.',
  access: sessionOnly,
  input: z.strictObject({ organizationId: field.id }),
  output: z.object({
    version: z.string(),
    settings: z.array(serverSetting),
    limits: z.array(limit),
    engines: z.array(z.object({ name: z.string(), needs: z.string() })),
  }),
  errors: ['ORGANIZATION_NOT_FOUND', 'ADMIN_REQUIRED'],
  example: {
    input: { organizationId: organizationExample.organizationId },
    output: {
      version: '0.1.0',
      settings: [
        {
          name: 'publicUrl',
          value: 'https://keys.example.com',
          otherwise: 'the address it listens on',
          description: 'where callers reach the server',
          variables: ['LATCHKEY_PUBLIC_URL'],
        },
      ],
      limits: [
        {
          name: 'organizationKeys',
          description: 'active keys of the organization',
          limit: 20,
          windowSeconds: null,
        },
      ],
      engines: [{ name: 'http', needs: 'a target URL for each workflow' }],
    },
  },
});
