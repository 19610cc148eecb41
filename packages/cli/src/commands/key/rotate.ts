import { agreed, yesFlag } from '../../agreement.ts';
import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { useText, writeSecret } from './texts.ts';
import { checkWhich, whichKey } from './which.ts';

export const command = defineCommand({
  summary: 'Replace an environment key; the old one ends after 24 hours',
  argument: whichKey,
  flags: { ...yesFlag, ...sessionFlags },
  notes: [
    'The new key has the same name, scope, environment and workspace. Both are valid for 24 hours.',
    'What used the old key last is said on standard error: that is what has to be updated.',
  ],
  examples: ['latchkey key rotate github-actions-deploy', 'latchkey key rotate a3f9...8c2d --yes --json'],
  async run(context, values, argument = '') {
    const { terminal } = context;
    const key = checkWhich(argument);
    if (!(await agreed(context, `Rotate key "${clean(key)}"?`, values.yes))) return 1;
    return inPlace(context, values, async ({ api, organizationId, environment }) => {
      const answer = await api.call('environmentKeys.rotate', { organizationId, environment, key });
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      const { handle, replaced, apiKey } = answer.data;
      if (values.json) {
        writeJson(terminal.out, bodyOf(answer));
        return 0;
      }
      terminal.err.line(`Old key last used: ${clean(useText(replaced.lastUsed))}`);
      terminal.out.line(`Created replacement: ${clean(handle)} (same scope, env, workspace)`);
      terminal.out.line('Both keys are currently active.');
      terminal.out.line(
        `Old key (${clean(replaced.fingerprint)}) auto-revokes in 24 hours. Update your consumers, then verify.`,
      );
      writeSecret(terminal, apiKey);
      return 0;
    });
  },
});
