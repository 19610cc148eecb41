import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { instanceArgument } from '../ids.ts';
import { type Switch, switchInstance } from './switched.ts';

const activate: Switch = {
  operation: 'instances.activate',
  colour: 'green',
  heading: '✓ Instance activated',
  done: 'activated',
};

export const command = defineCommand({
  summary: 'Activate a process instance: it can be triggered again',
  argument: instanceArgument,
  flags: callFlags,
  examples: ['latchkey instance activate <id>', 'latchkey instance activate <id> --json'],
  run: (context, values, argument) => switchInstance(context, values, argument, activate),
});
