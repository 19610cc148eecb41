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

/** What a key is bound to, as it is given; null takes a restriction away. */
export const restrictions = {
  allowedAddresses: field.allowedAddresses
    .optional()
    .describe('Addresses and networks that may use it; any unless told'),
  resources: field.resources
    .optional()
    .describe('What it may be used for, in the words of the API that verifies it; anything unless told'),
  limits: field.keyLimits
    .optional()
    .describe('How often it may be verified; as often as it likes unless told'),
  budget: field.keyBudget.optional().describe('How often it may be verified in all'),
};

/** The same as lists show it. */
export const shownRestrictions = {
  allowedAddresses: field.allowedAddresses,
  resources: field.resources,
  limits: field.keyLimits,
  budget: field.keyBudget.describe('How often it may be verified in all'),
};

/** Proof that nobody who verifies from memory accepts the key any more (docs/revocation.md). */
export const receipt = z
  .object({
    sequence: z.int().describe('The number of the change; numbers are in the order of the changes'),
    committedAt: z.string(),
    completedAt: z.string().describe('When the last holder had confirmed, or its lease had run out'),
    holders: z.array(
      z.object({
        holder: z.string(),
        kind: z.enum(['server', 'verifier']),
        outcome: z.enum(['confirmed', 'lease-ended']),
        at: z.string(),
      }),
    ),
    signed: z.string().describe('The same as a JWT, signed with a key of /.well-known/jwks.json'),
  })
  .describe(
    'Every server process, and the verifiers behind them, that could have known the key, and since when they do not (docs/revocation.md)',
  );

/** For examples. */
export const receiptExample = {
  sequence: 42,
  committedAt: '2026-03-31T14:00:00.000Z',
  completedAt: '2026-03-31T14:00:00.012Z',
  holders: [{ holder: 'v-orders-1', kind: 'verifier', outcome: 'confirmed', at: '2026-03-31T14:00:00.012Z' }],
  signed: 'eyJ...',
} as const;

/** A key as lists show it: never the secret. */
export const listed = z.object({
  keyId: z.string(),
  keyPrefix: z.string(),
  name: z.string(),
  description: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(['active', 'disabled', 'expired', 'revoked']),
  createdAt: z.string(),
  createdBy: z.string().nullable().describe('Email address of the person the key acts as'),
  updatedAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  lastUsedAt: z.string().nullable().describe('Within a few seconds'),
  disabledAt: z.string().nullable(),
  rateLimit: field.rateLimit.describe('How often it may trigger'),
  ...shownRestrictions,
});
