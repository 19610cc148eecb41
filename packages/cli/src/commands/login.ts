import { defineCommand, UsageError } from '../command.ts';
import { saveKey, saveKeyFlags } from './save-key.ts';
import { signIn } from './sign-in.ts';

export const command = defineCommand({
  summary: 'Sign in with the browser, or save an API key',
  flags: {
    organization: {
      value: '<name>',
      summary: 'Organization to work in, by id or name, when you have several',
    },
    browser: { summary: 'Sign in with the browser of this machine' },
    device: { summary: 'Sign in with a code that you type into any browser' },
    'no-browser': { summary: 'The same as --device' },
    ...saveKeyFlags,
    name: { value: '<name>', summary: 'Name of the saved profile (default: from the organization or key)' },
  },
  notes: [
    'Opens the browser. Over SSH, in CI, in a container or without a display it shows a code to type into any',
    'browser instead. With --api-key or --api-key-file nobody signs in: the key is saved as a profile.',
  ],
  examples: [
    'latchkey login',
    'latchkey login --device --organization Acme',
    'latchkey login --base-url https://keys.example.com',
    'pass show latchkey | latchkey login --api-key - --name work',
  ],
  run(context, values) {
    const device = values.device || values['no-browser'];
    if (device && values.browser) throw new UsageError('--browser and --device cannot be given together.');
    const isKeyGiven = values['api-key'] !== undefined || values['api-key-file'] !== undefined;
    if (isKeyGiven) return saveKey(context, values);
    if (values['skip-verify']) throw new UsageError('--skip-verify is for a key: give --api-key too.');
    return signIn(context, { ...values, device });
  },
});
