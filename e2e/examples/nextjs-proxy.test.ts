import { beforeAll, describe } from 'vitest';
import { buildExample } from './example-process.ts';
import { describeAnswers, newKey } from './proxy-answers.ts';

describe('the Next.js site', () => {
  const keyAtBuild = newKey();
  beforeAll(async () => await buildExample('nextjs-proxy', { LATCHKEY_API_KEY: keyAtBuild }));

  describe('whatever stands behind it', () => describeAnswers('nextjs-proxy', keyAtBuild));
});
