import { defineCommand } from '../../command.ts';
import { sessionFlags } from '../../flags.ts';
import { switchEnvironmentKey } from './switched.ts';
import { whichKey } from './which.ts';

export const command = defineCommand({
  summary: 'Disable an environment key for a while',
  argument: whichKey,
  flags: sessionFlags,
  notes: ['The key is refused everywhere from the moment this command answers, until it is enabled again.'],
  examples: ['latchkey key disable github-actions-deploy', 'latchkey key disable a3f9...8c2d --json'],
  run: (context, values, argument = '') =>
    switchEnvironmentKey(context, values, argument, 'environmentKeys.disable'),
});
