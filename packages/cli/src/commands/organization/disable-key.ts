import { agreed, yesFlag } from '../../agreement.ts';
import { type Context, defineCommand } from '../../command.ts';
import { clean } from '../../output.ts';
import { switchKey, switchKeyFlags } from '../switched-key.ts';

/** Whoever disables the key that they call with needs another to enable it again. */
function isOwn({ config }: Context, keyId: string): boolean {
  const profiles = [...config.read().profiles.values()];
  return profiles.some((profile) => profile.type !== 'session' && profile.keyId === keyId);
}

export const command = defineCommand({
  summary: 'Disable a key for a while',
  flags: { ...switchKeyFlags, ...yesFlag },
  notes: [
    'The key is refused everywhere from the moment this command answers, until it is enabled again.',
    'Who may revoke a key of the organization may do this. A key that a profile holds is disabled only',
    'after you agree: it cannot enable itself.',
  ],
  examples: [
    'latchkey organization disable-key --key-id abc123',
    'latchkey organization disable-key --key-id abc123 --yes --json',
  ],
  async run(context, values) {
    const keyId = values['key-id'];
    const question = `A profile of yours holds the key ${clean(keyId)}, which cannot enable itself. Disable it?`;
    if (isOwn(context, keyId) && !(await agreed(context, question, values.yes))) return 1;
    return switchKey(context, values, 'keys.disable');
  },
});
