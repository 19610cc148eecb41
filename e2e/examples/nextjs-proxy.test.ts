import { beforeAll, describe } from 'vitest';
import { runScript } from './example-process.ts';
import { describeAnswers, newKey } from './proxy-answers.ts';
import { describeJourney } from './proxy-journey.ts';

describe('the Next.js site', () => {
  const keyAtBuild = newKey();
  beforeAll(async () => await runScript('nextjs-proxy', 'build', { LATCHKEY_API_KEY: keyAtBuild }));

  describe('whatever stands behind it', () => describeAnswers('nextjs-proxy', keyAtBuild));
  describe('before a Latchkey', () => describeJourney('nextjs-proxy'));
});
