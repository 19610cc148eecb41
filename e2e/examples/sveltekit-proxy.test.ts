import { beforeAll, describe } from 'vitest';
import { buildExample } from './example-process.ts';
import { describeAnswers, newKey } from './proxy-answers.ts';

describe('the SvelteKit site', () => {
  const keyAtBuild = newKey();
  beforeAll(async () => await buildExample('sveltekit-proxy', { LATCHKEY_API_KEY: keyAtBuild }));

  describe('whatever stands behind it', () => describeAnswers('sveltekit-proxy', keyAtBuild));
});
