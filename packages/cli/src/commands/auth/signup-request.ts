import { defineCommand } from '../../command.ts';
import { requestCode, requestFlags } from './request-code.ts';

export const command = defineCommand({
  summary: 'Email a 6-digit code that signs a new account up',
  flags: requestFlags,
  examples: [
    'latchkey auth signup-request --email you@example.com',
    'latchkey auth signup-request --email you@example.com --base-url https://keys.example.com --json',
  ],
  run: (context, values) =>
    requestCode(context, values, { operation: 'otp.requestSignup', complete: 'signup-complete' }),
});
