import { defineCommand } from '../../command.ts';
import { switchKey, switchKeyFlags } from '../switched-key.ts';

export const command = defineCommand({
  summary: 'Enable a disabled key',
  flags: switchKeyFlags,
  notes: ['Whoever enables a key must be able to give all of its scopes, as if they created it.'],
  examples: ['latchkey organization enable-key --key-id abc123'],
  run: (context, values) => switchKey(context, values, 'keys.enable'),
});
