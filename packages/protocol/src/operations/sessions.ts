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

const sessionId = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the id of a session');
const sessionIdExample = 'mPj8qVZ2m4c0m7d0Y3v6s9L1xT5bN8kR2wQ4hG7fJ0a';

export const list = defineOperation({
  summary: 'List the sessions of the signed-in person',
  description: 'Those that have not ended, newest first.',
  access: sessionOnly,
  input: z.strictObject({}),
  output: z.object({
    sessions: z.array(
      z.object({
        sessionId,
        client: z.string().describe('The program that was signed in to: latchkey-cli or latchkey-dashboard'),
        signedInAt: z.string(),
        expiresAt: z.string().describe('Unless it is used before, where the program renews it'),
        isCurrent: z.boolean().describe('Whether it is the one that asks'),
      }),
    ),
  }),
  errors: [],
  example: {
    input: {},
    output: {
      sessions: [
        {
          sessionId: sessionIdExample,
          client: 'latchkey-cli',
          signedInAt: '2026-03-30T00:00:00.000Z',
          expiresAt: '2026-04-29T00:00:00.000Z',
          isCurrent: true,
        },
      ],
    },
  },
});

export const end = defineOperation({
  summary: 'Sign out',
  description:
    'Ends a session of the signed-in person with all its tokens, in force when the answer arrives: the one that asks, unless another is named. Keys that were made in it stay.',
  access: sessionOnly,
  audit: { action: 'auth.session_end', resource: 'session' },
  input: z.strictObject({ sessionId: sessionId.optional() }),
  output: z.object({ ended: z.boolean().describe("False where it had ended before, or is nobody's") }),
  errors: [],
  example: { input: {}, output: { ended: true } },
});

export const endAll = defineOperation({
  summary: 'Sign out everywhere',
  description: 'Ends every session of the signed-in person, the one that asks too. Keys stay.',
  access: sessionOnly,
  audit: { action: 'auth.session_end', resource: 'session' },
  input: z.strictObject({}),
  output: z.object({ endedCount: z.int() }),
  errors: [],
  example: { input: {}, output: { endedCount: 2 } },
});
