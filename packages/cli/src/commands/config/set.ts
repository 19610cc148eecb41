import { defineCommand } from '../../command.ts';
import { saveKey, saveKeyFlags } from '../save-key.ts';

export const command = defineCommand({
  summary: 'Save an API key as a profile and make it active',
  flags: saveKeyFlags,
  notes: ['Without a key, a terminal is asked for one. With a key, the same as `latchkey login`.'],
  examples: [
    'latchkey config set',
    'latchkey config set --api-key-file ./key.txt --base-url https://keys.example.com',
  ],
  run: saveKey,
});
