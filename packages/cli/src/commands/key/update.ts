import { levels } from '@latchkey/protocol/permissions';
import { bodyOf } from '../../body-of.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { writeReceipt } from '../receipt-text.ts';
import { checkWhich, whichKey } from './which.ts';

export const command = defineCommand({
  summary: 'Rename an environment key, or change its scope or description',
  argument: whichKey,
  flags: {
    name: { value: '<name>', summary: 'New name' },
    scope: {
      value: '<scope>',
      summary: 'New scope: admin, developer, runner or read-only',
      suggests: [...levels].reverse(),
    },
    description: { value: '<text>', summary: 'New description; an empty one clears it' },
    ...sessionFlags,
  },
  notes: [
    'At least one of --name, --scope and --description must be given. Nobody raises a key above their own scope.',
    'From the moment this command answers, the key is refused for what a lower scope does not hold.',
  ],
  examples: [
    'latchkey key update github-actions-deploy --scope runner',
    'latchkey key update a3f9...8c2d --name nightly-report --json',
  ],
  async run(context, values, argument = '') {
    const key = checkWhich(argument);
    const { name, scope, description } = values;
    if ([name, scope, description].every((value) => value === undefined)) {
      throw new UsageError('Nothing to change. Give --name, --scope or --description.');
    }
    return inPlace(context, values, async ({ api, organizationId, environment }) => {
      const { terminal } = context;
      const answer = await api.call('environmentKeys.update', {
        ...{ organizationId, environment, key, name, description },
        // The server says which there are, in the words of the published page.
        level: scope as (typeof levels)[number] | undefined,
      });
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      if (values.json) {
        writeJson(terminal.out, bodyOf(answer));
        return 0;
      }
      const { data } = answer;
      terminal.out.line(`Updated key: ${clean(data.name)}`);
      terminal.out.line(`Fingerprint: ${clean(data.fingerprint)}`);
      terminal.out.line(`Scope: ${clean(data.level)}`);
      writeReceipt(terminal, data.receipt, 'changed');
      return 0;
    });
  },
});
