import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';

/** Sizes that an organization may state (contract/codika.md D.17). */
export const organizationSizes = ['solo', '2-10', '11-50', '51-200', '201-1000', '1000+'] as const;

/** Picture types that a logo may have. */
export const logoMimeTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;

const logoMaxBytes = 5 * 1024 * 1024;

export const createOrganization = defineOperation({
  summary: 'Create an organization',
  description:
    'The holder of a personal key, or the signed-in person, becomes the owner. An admin key creates an organization without members. A logo is kept and served at /v1/organizations/{organizationId}/logo.',
  access: { kind: 'key', families: ['personal', 'admin', 'session'], scope: 'organizations:create' },
  audit: { action: 'organization.create', resource: 'organization' },
  input: z.strictObject({
    name: field.label(2, 100),
    description: field.description.optional(),
    size: z.enum(organizationSizes).optional(),
    logoUrl: z
      .url({ protocol: /^https$/ })
      .max(2000)
      .optional(),
    logoBase64: z.string().min(1).optional(),
    logoMimeType: z.enum(logoMimeTypes).optional(),
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
  bodyLimitBytes: Math.ceil(logoMaxBytes / 3) * 4 + 256 * 1024,
});
