import { apiOf } from '../../api.ts';
import { defineCommand } from '../../command.ts';
import { reportAuthFailure } from '../../failure.ts';
import { checkProfileName } from '../../save-profile.ts';
import { resolveServer } from '../../server-address.ts';
import { codeFlags, keepMintedKey, newKeyFlags, wishedKey } from './complete-code.ts';

export const command = defineCommand({
  summary: 'Redeem a log-in code: mints a new key for one of your organizations and saves it',
  flags: {
    ...codeFlags,
    'organization-id': { value: '<id>', summary: 'Organization to mint the key for, when you have several' },
    ...newKeyFlags,
  },
  notes: ['Every log-in mints a new key. Earlier keys stay valid until they are revoked.'],
  examples: [
    'latchkey auth login-complete --email you@example.com --code 123456',
    'latchkey auth login-complete --email you@example.com --code 123456 --organization-id <id> --json',
  ],
  async run(context, values) {
    checkProfileName(values.name, '--name');
    const server = resolveServer(context, values);
    context.config.checkWritable();
    const answer = await apiOf(context, server).call('otp.completeLogin', {
      email: values.email,
      code: values.code.trim(),
      organizationId: values['organization-id'],
      apiKey: wishedKey(values),
    });
    if (!answer.success) return reportAuthFailure(context.terminal, answer, values.json);
    return keepMintedKey(context, answer.data, {
      heading: 'Login complete',
      baseUrl: server.baseUrl,
      wantedName: values.name,
      json: values.json,
    });
  },
});
