import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { temporaryFolder } from './temporary-folder.ts';

function folderWith(program: string): string {
  const folder = temporaryFolder('programs');
  writeFileSync(join(folder, program), '');
  return folder;
}

describe('the browser', () => {
  it('is the one that is named, before any other', () => {
    const named = join(folderWith('mine'), 'mine');
    expect(findChromium({ LATCHKEY_TEST_CHROMIUM: named, PATH: folderWith('chromium') })).toBe(named);
  });

  it('is not looked for elsewhere when the named one is not there', () => {
    expect(
      findChromium({ LATCHKEY_TEST_CHROMIUM: '/nowhere', PATH: folderWith('chromium') }),
    ).toBeUndefined();
  });

  it.each(['chromium', 'chromium-browser', 'google-chrome'])('is found on PATH as %s', (name) => {
    const folder = folderWith(name);
    expect(findChromium({ PATH: `:${folder}` })).toBe(join(folder, name));
  });
});
