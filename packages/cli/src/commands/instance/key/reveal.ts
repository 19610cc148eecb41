import { callAndReport } from '../../../call.ts';
import { defineCommand } from '../../../command.ts';
import { callFlags } from '../../../flags.ts';
import { writeHeading } from '../../../output.ts';
import { instanceArgument, instanceIdOf } from '../../ids.ts';
import { writeSecrets } from '../texts.ts';

export const command = defineCommand({
  summary: 'Show the key of a process instance',
  argument: instanceArgument,
  flags: callFlags,
  notes: ['For owners and admins. That it was shown, and to whom, stands in the audit log.'],
  examples: ['latchkey instance key reveal <id>', 'latchkey instance key reveal <id> --json'],
  run(context, values, argument) {
    const input = { processInstanceId: instanceIdOf(context, argument) };
    return callAndReport(context, values, 'instances.revealKey', input, (secrets) => {
      writeHeading(context.terminal.out, 'Instance key');
      writeSecrets(context.terminal, secrets);
    });
  },
});
