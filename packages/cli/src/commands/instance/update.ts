import { callAndReport } from '../../call.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { jsonObjectOf } from '../../input-file.ts';
import { checkedId, namedInstanceArgument } from '../ids.ts';
import { queryKeysReason, settingsFlags, settingsOf } from './settings.ts';
import { writeInstance } from './shown.ts';
import { workflowFlag, workflowNotes, workflowOf } from './workflows.ts';

export const command = defineCommand({
  summary: 'Change a process instance; in force when this answers',
  argument: namedInstanceArgument,
  flags: {
    title: { value: '<title>', summary: 'New title' },
    ...workflowFlag,
    file: {
      value: '<file>',
      summary: 'JSON file with the changes as the API takes them; - is standard input. Flags go before it',
      completes: 'files',
      input: true,
    },
    ...settingsFlags,
    ...callFlags,
  },
  notes: [
    'Only what is given is changed. The workflows that are given replace all that there are; one that keeps its id keeps its URL.',
    ...workflowNotes,
    '',
    `Why --query-keys off: ${queryKeysReason}`,
  ],
  examples: [
    'latchkey instance update <id> --query-keys off',
    'latchkey instance update <id> --workflow main=https://orders.example.com/v2 --rate-limit 100/60 --json',
  ],
  async run(context, values, argument = '') {
    const processInstanceId = checkedId('The process instance', argument);
    const { title, file } = values;
    const workflows = values.workflow.map(workflowOf);
    const changes = {
      ...(file === undefined ? {} : await jsonObjectOf(context, '--file', file)),
      ...(title === undefined ? {} : { title }),
      ...(workflows.length === 0 ? {} : { workflows }),
      ...settingsOf(values),
    };
    if (Object.keys(changes).length === 0)
      throw new UsageError('Nothing to change. Give at least one setting.');
    const input = { ...changes, processInstanceId };
    return callAndReport(context, values, 'instances.update', input, (instance) =>
      writeInstance(context.terminal, 'Process Instance updated', instance, true),
    );
  },
});
