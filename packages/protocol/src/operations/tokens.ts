import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';

export const exchange = defineOperation({
  summary: 'Exchange a key for a token of minutes',
  description:
    'The token is a JWT that is checked with /.well-known/jwks.json; it holds the same scopes, or fewer. It ends with its key, for everybody who verifies with a lease. The same exchange is at the token endpoint of the authorization server (RFC 8693).',
  access: { kind: 'key', families: ['organization', 'environment'] },
  readsOnly: true,
  input: z.strictObject({
    scopes: field.scopeNames.optional().describe('All that the key has unless told'),
    audience: field.audience.optional().describe('Who is to accept it; this server unless told'),
    ttlSeconds: z.int().min(60).max(900).default(300),
  }),
  output: z.object({
    token: z.string(),
    tokenType: z.literal('Bearer'),
    expiresAt: z.string(),
    scopes: z.array(z.string()),
  }),
  errors: ['INVALID_SCOPE', 'SCOPE_ESCALATION'],
  example: {
    input: { scopes: ['workflows:trigger'], ttlSeconds: 300 },
    output: {
      token: 'eyJ...',
      tokenType: 'Bearer',
      expiresAt: '2026-03-30T00:05:00.000Z',
      scopes: ['workflows:trigger'],
    },
  },
});
