import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { mintedByOtp } from './key-shapes.ts';

const emailErrors = { missing: 'EMAIL_REQUIRED', invalid: 'EMAIL_INVALID' } as const;
const completeFieldErrors = {
  email: emailErrors,
  code: { missing: 'OTP_INVALID', invalid: 'OTP_INVALID' },
  'apiKey.expiresInDays': { missing: 'INVALID_EXPIRES_IN_DAYS', invalid: 'INVALID_EXPIRES_IN_DAYS' },
} as const;

const requestInput = z.strictObject({ email: field.email });
const requestOutput = z.object({ email: z.string(), expiresInSeconds: z.int() });
const newKey = z
  .strictObject({ name: field.label(1, 100).optional(), expiresInDays: field.expiresInDays.optional() })
  .optional();

const requestErrors = [
  'EMAIL_REQUIRED',
  'EMAIL_INVALID',
  'OTP_RESEND_COOLDOWN',
  'EMAIL_RATE_LIMITED',
  'IP_RATE_LIMITED',
] as const;
const codeErrors = [
  'EMAIL_REQUIRED',
  'EMAIL_INVALID',
  'OTP_INVALID',
  'OTP_NOT_FOUND',
  'OTP_EXPIRED',
  'OTP_ALREADY_USED',
  'OTP_PURPOSE_MISMATCH',
  'OTP_LOCKED_OUT',
  'EMAIL_RATE_LIMITED',
  'INVALID_EXPIRES_IN_DAYS',
] as const;

const requestExample = {
  input: { email: 'you@example.com' },
  output: { email: 'you@example.com', expiresInSeconds: 600 },
};
const apiKeyExample = {
  keyId: '019d312f-0000-7000-8000-000000000000',
  raw: 'cko_EXAMPLE_NOT_A_KEY',
  keyPrefix: 'cko_aB12cD34',
  name: 'CLI default key',
  scopes: ['workflows:trigger'],
  createdAt: '2026-01-01T00:00:00.000Z',
};

export const requestSignup = defineOperation({
  summary: 'Email a sign-up code',
  description: 'Sends a 6-digit code to an address that does not belong to an organization yet.',
  access: { kind: 'public' },
  audit: { action: 'auth.signup_code', resource: 'challenge' },
  input: requestInput,
  output: requestOutput,
  fieldErrors: { email: emailErrors },
  errors: [...requestErrors, 'USER_ALREADY_HAS_ORGANIZATION'],
  example: requestExample,
});

export const requestLogin = defineOperation({
  summary: 'Email a log-in code',
  description: 'Sends a 6-digit code to the address of an existing account.',
  access: { kind: 'public' },
  audit: { action: 'auth.login_code', resource: 'challenge' },
  input: requestInput,
  output: requestOutput,
  fieldErrors: { email: emailErrors },
  errors: [...requestErrors, 'USER_NOT_FOUND', 'USER_HAS_NO_ORGANIZATION'],
  example: requestExample,
});

/** Too short and too long have errors of their own, after the code was looked at; only the body's size bounds it here. */
const companyName = field.label(0, 256 * 1024);

export const completeSignup = defineOperation({
  summary: 'Redeem a sign-up code',
  description:
    'Creates the user, an organization and one key with the ten default scopes, all or nothing. The secret is in the answer and nowhere else.',
  access: { kind: 'public' },
  audit: { action: 'auth.signup', resource: 'organization' },
  input: z.strictObject({
    email: field.email,
    code: field.code,
    company: z
      .strictObject({ name: companyName.optional(), description: field.description.optional() })
      .optional(),
    apiKey: newKey,
  }),
  output: z.object({
    organizationId: z.string(),
    organizationName: z.string(),
    isNewUser: z.boolean(),
    apiKey: mintedByOtp,
  }),
  fieldErrors: completeFieldErrors,
  errors: [
    ...codeErrors,
    'USER_ALREADY_HAS_ORGANIZATION',
    'COMPANY_NAME_TOO_LONG',
    'ORGANIZATION_CREATION_FAILED',
  ],
  example: {
    input: { email: 'you@example.com', code: '123456', company: { name: 'Acme' } },
    output: {
      organizationId: 'xwk9CcT440Vupa8soIhY',
      organizationName: 'Acme',
      isNewUser: true,
      apiKey: apiKeyExample,
    },
  },
});

export const completeLogin = defineOperation({
  summary: 'Redeem a log-in code',
  description: 'Mints a new key for one of the organizations of the account. Earlier keys stay valid.',
  access: { kind: 'public' },
  audit: { action: 'auth.login', resource: 'key' },
  input: z.strictObject({
    email: field.email,
    code: field.code,
    organizationId: field.id.optional(),
    apiKey: newKey,
  }),
  output: z.object({ organizationId: z.string(), organizationName: z.string(), apiKey: mintedByOtp }),
  fieldErrors: completeFieldErrors,
  errors: [
    ...codeErrors,
    'MULTIPLE_ORGANIZATIONS',
    'ORGANIZATION_NOT_MEMBER',
    'USER_HAS_NO_ORGANIZATION',
    'MAX_API_KEYS_REACHED',
  ],
  example: {
    input: { email: 'you@example.com', code: '123456' },
    output: { organizationId: 'xwk9CcT440Vupa8soIhY', organizationName: 'Acme', apiKey: apiKeyExample },
  },
});
