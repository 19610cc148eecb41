import { beforeAll, describe, it } from 'vitest';
import { runScript } from './example-process.ts';
import { describeAnswers, newKey } from './proxy-answers.ts';
import { describeJourney } from './proxy-journey.ts';

describe('the SvelteKit site', () => {
  const keyAtBuild = newKey();
  beforeAll(async () => await runScript('sveltekit-proxy', 'build', { LATCHKEY_API_KEY: keyAtBuild }));

  it('holds its own types', async () => await runScript('sveltekit-proxy', 'check'));

  describe('whatever stands behind it', () => describeAnswers('sveltekit-proxy', keyAtBuild));
  describe('before a Latchkey', () => describeJourney('sveltekit-proxy'));
});
