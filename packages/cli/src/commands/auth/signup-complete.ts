import { apiOf } from '../../api.ts';
import { defineCommand } from '../../command.ts';
import { reportAuthFailure } from '../../failure.ts';
import { checkProfileName } from '../../save-profile.ts';
import { resolveServer } from '../../server-address.ts';
import { codeFlags, givenFields, keepMintedKey, newKeyFlags, wishedKey } from './complete-code.ts';

export const command = defineCommand({
  summary: 'Redeem a sign-up code: makes the account, an organization and its first key, and saves the key',
  flags: {
    ...codeFlags,
    company: { value: '<name>', summary: 'Organization name (default: My Organization)' },
    description: { value: '<text>', summary: 'Organization description' },
    ...newKeyFlags,
  },
  examples: [
    'latchkey auth signup-complete --email you@example.com --code 123456',
    'latchkey auth signup-complete --email you@example.com --code 123456 --company Acme --key-expires-in 90',
  ],
  async run(context, values) {
    checkProfileName(values.name, '--name');
    const server = resolveServer(context, values);
    context.config.checkWritable();
    const answer = await apiOf(context, server).call('otp.completeSignup', {
      email: values.email,
      code: values.code.trim(),
      company: givenFields({ name: values.company, description: values.description }),
      apiKey: wishedKey(values),
    });
    if (!answer.success) return reportAuthFailure(context.terminal, answer, values.json);
    return keepMintedKey(context, answer.data, {
      heading: 'Signup complete',
      baseUrl: server.baseUrl,
      wantedName: values.name,
      json: values.json,
    });
  },
});
