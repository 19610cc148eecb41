import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { instanceArgument, instanceIdOf } from '../ids.ts';
import { writeInstance } from './shown.ts';

export const command = defineCommand({
  summary: 'Show a process instance; never its key',
  argument: instanceArgument,
  flags: {
    workflows: { summary: 'Also whether its workflows are idempotent, and check payloads' },
    ...callFlags,
  },
  examples: ['latchkey instance get <id>', 'latchkey get instance <id> --workflows --json'],
  run(context, values, argument) {
    const processInstanceId = instanceIdOf(context, argument);
    const { workflows: includeWorkflowDetails } = values;
    const input = { processInstanceId, includeWorkflowDetails };
    return callAndReport(context, values, 'instances.get', input, (instance) =>
      writeInstance(context.terminal, 'Process Instance', instance, includeWorkflowDetails),
    );
  },
});
