import { z } from 'zod';
import * as field from '../fields.ts';

const minted = {
  keyId: z.string(),
  keyPrefix: z.string().describe('The first 12 characters of the key'),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().optional().describe('Only when the key expires'),
};

/** A new key as the emailed-code operations answer it: the secret stands in `raw` (contract/codika.md H.1, 7). */
export const mintedByOtp = z.object({
  ...minted,
  raw: z.string().describe('The whole key, shown this once'),
});

/** A new key as the key operations answer it: the secret stands in `apiKey` (contract/codika.md H.1, 7). */
export const mintedByKey = z.object({
  ...minted,
  apiKey: z.string().describe('The whole key, shown this once'),
  organizationId: z.string().optional(),
});

/** A key as lists show it: never the secret. */
export const listed = z.object({
  keyId: z.string(),
  keyPrefix: z.string(),
  name: z.string(),
  description: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(['active', 'expired', 'revoked']),
  createdAt: z.string(),
  createdBy: z.string().nullable().describe('Email address of the person the key acts as'),
  updatedAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  lastUsedAt: z.string().nullable().describe('Within a few seconds'),
  rateLimit: field.rateLimit.describe('How often it may trigger'),
});
