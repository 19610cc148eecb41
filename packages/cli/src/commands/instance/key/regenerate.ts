import { agreed, checkCanAsk, yesFlag } from '../../../agreement.ts';
import { callAndReport } from '../../../call.ts';
import { defineCommand } from '../../../command.ts';
import { callFlags } from '../../../flags.ts';
import { writeHeading, writeWarning } from '../../../output.ts';
import { checkedId, namedInstanceArgument } from '../../ids.ts';
import { writeSecrets } from '../texts.ts';

export const command = defineCommand({
  summary: 'Replace the key of a process instance; the old one ends at once',
  argument: namedInstanceArgument,
  flags: { ...yesFlag, ...callFlags },
  notes: [
    'For owners and admins. Whoever still presents the old key is refused from the moment this answers.',
  ],
  examples: ['latchkey instance key regenerate <id>', 'latchkey instance key regenerate <id> --yes --json'],
  async run(context, values, argument = '') {
    const { terminal } = context;
    const processInstanceId = checkedId('The process instance', argument);
    checkCanAsk(context, values.yes);
    const question = `Replace the key of ${processInstanceId}? The old key is refused at once, everywhere.`;
    if (!(await agreed(context, question, values.yes))) return 1;
    return callAndReport(context, values, 'instances.regenerateKey', { processInstanceId }, (secrets) => {
      writeHeading(terminal.out, 'Instance key regenerated');
      writeSecrets(terminal, secrets);
      writeWarning(terminal.err, 'The old key is refused from now on. Give this one to every sender.');
    });
  },
});
