import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { instanceArgument } from '../ids.ts';
import { type Switch, switchInstance } from './switched.ts';

const deactivate: Switch = {
  operation: 'instances.deactivate',
  colour: 'yellow',
  heading: '⏸ Instance deactivated',
  done: 'paused',
};

export const command = defineCommand({
  summary: 'Pause a process instance: it cannot be triggered',
  argument: instanceArgument,
  flags: callFlags,
  notes: ['Executions under way go on, and their status can be read.'],
  examples: ['latchkey instance deactivate <id>', 'latchkey instance deactivate <id> --json'],
  run: (context, values, argument) => switchInstance(context, values, argument, deactivate),
});
