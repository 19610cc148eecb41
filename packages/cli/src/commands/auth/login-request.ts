import { defineCommand } from '../../command.ts';
import { requestCode, requestFlags } from './request-code.ts';

export const command = defineCommand({
  summary: 'Email a 6-digit code that logs an existing account in',
  flags: requestFlags,
  examples: [
    'latchkey auth login-request --email you@example.com',
    'latchkey auth login-request --email you@example.com --json',
  ],
  run: (context, values) =>
    requestCode(context, values, { operation: 'otp.requestLogin', complete: 'login-complete' }),
});
