import { defineCommand } from '../../command.ts';
import { sessionFlags } from '../../flags.ts';
import { switchEnvironmentKey } from './switched.ts';
import { whichKey } from './which.ts';

export const command = defineCommand({
  summary: 'Enable a disabled environment key',
  argument: whichKey,
  flags: sessionFlags,
  notes: [
    'Whoever enables a key must have its level where it acts, as if they created it. A key that is being',
    'rotated still ends when it was to end.',
  ],
  examples: ['latchkey key enable github-actions-deploy'],
  run: (context, values, argument = '') =>
    switchEnvironmentKey(context, values, argument, 'environmentKeys.enable'),
});
