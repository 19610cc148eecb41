import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SettingsError } from './settings-error.ts';

/** Level by level: where the system refuses with ENOENT, as /proc does, Node's own `recursive` never ends. */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (statSync(parent, { throwIfNoEntry: false }) === undefined) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Makes the data folder, for its owner only, unless it is there. Throws `SettingsError` where it cannot be. */
export function makeDataFolder(path: string): void {
  try {
    makeFolder(path);
    if (statSync(path).isDirectory()) return;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SettingsError([`LATCHKEY_DATA_DIR (--data): ${path} cannot be made (${code}).`]);
  }
  throw new SettingsError([`LATCHKEY_DATA_DIR (--data): ${path} is not a folder.`]);
}
