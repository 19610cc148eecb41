import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { roles } from '../permissions.ts';

/** Only the session of a signed-in person will do; a key is verified and then refused (contract/culvii.md F.2). */
export const sessionOnly = {
  kind: 'key',
  families: ['session'],
  unauthenticated: 'NOT_AUTHENTICATED',
  refusal: 'OAUTH_REQUIRED',
} as const;

export const me = defineOperation({
  summary: 'Say who is signed in',
  description: 'The person, their organizations with their role in each, and how long the session lasts.',
  access: sessionOnly,
  input: z.strictObject({}),
  output: z.object({
    userId: z.string(),
    email: z.string(),
    organizations: z
      .array(z.object({ id: z.string(), name: z.string(), role: z.enum(roles) }))
      .describe('Oldest membership first'),
    signedInAt: z.string(),
    expiresAt: z.string().describe('Moves on while the session is used'),
  }),
  errors: [],
  example: {
    input: {},
    output: {
      userId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
      email: 'ann@example.com',
      organizations: [{ id: 'xwk9CcT440Vupa8soIhY', name: 'Acme', role: 'owner' }],
      signedInAt: '2026-03-30T00:00:00.000Z',
      expiresAt: '2026-04-29T00:00:00.000Z',
    },
  },
});
