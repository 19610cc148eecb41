import { agreed, checkCanAsk, yesFlag } from '../../agreement.ts';
import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { writeHeading, writeLabels } from '../../output.ts';
import { checkedId, namedInstanceArgument } from '../ids.ts';

export const command = defineCommand({
  summary: 'Archive a process instance, for good',
  argument: namedInstanceArgument,
  flags: { ...yesFlag, ...callFlags },
  notes: [
    'It can no longer be triggered, and its key and signing secrets end at once. Its records are kept.',
  ],
  examples: ['latchkey instance archive <id>', 'latchkey instance archive <id> --yes --json'],
  async run(context, values, argument = '') {
    const { out } = context.terminal;
    const processInstanceId = checkedId('The process instance', argument);
    checkCanAsk(context, values.yes);
    const question = `Archive ${processInstanceId}? Its key ends at once, and this is final.`;
    if (!(await agreed(context, question, values.yes))) return 1;
    return callAndReport(context, values, 'instances.archive', { processInstanceId }, ({ archivedAt }) => {
      writeHeading(out, 'Instance archived');
      writeLabels(out, [
        ['Instance ID', processInstanceId],
        ['Archived', archivedAt],
      ]);
      out.line('');
    });
  },
});
