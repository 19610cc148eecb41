import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@latchkey/testkit';
import { describe, expect, it } from 'vitest';
import { makeDataFolder } from './data-folder.ts';
import { SettingsError } from './settings-error.ts';

describe('the data folder', () => {
  it('is made with everything above it, for its owner only, and found the next time', () => {
    const path = join(temporaryFolder('data-folder'), 'a', 'b');
    makeDataFolder(path);
    makeDataFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('is refused by name where the system makes no folder, at once', () => {
    expect(() => makeDataFolder('/proc/nope/data')).toThrow(SettingsError);
    expect(() => makeDataFolder('/proc/nope')).toThrow(/^LATCHKEY_DATA_DIR .*\/proc\/nope cannot be made/);
  });

  it('is refused by name where a file is in the way', () => {
    const file = join(temporaryFolder('data-folder'), 'file');
    writeFileSync(file, '');
    expect(() => makeDataFolder(file)).toThrow(/^LATCHKEY_DATA_DIR .*file is not a folder/);
    expect(() => makeDataFolder(join(file, 'data'))).toThrow(
      /^LATCHKEY_DATA_DIR .*cannot be made \(ENOTDIR\)/,
    );
  });
});
