import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeDataFolder } from './data-folder.ts';
import { SettingsError } from './settings-error.ts';

const masterKeyBytes = 32;
const fileName = 'master.key';

/** Decodes a master key from 64 hex digits or from base64(url) of 32 bytes; undefined for anything else. */
export function decodeMasterKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined;
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.length === masterKeyBytes ? bytes : undefined;
}

function readProtected(path: string): Uint8Array {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new SettingsError([
      `${path} can be read by other users (mode ${mode.toString(8)}). Fix it with: chmod 600 ${path}`,
    ]);
  }
  const key = decodeMasterKey(readFileSync(path, 'utf8'));
  if (key === undefined) {
    throw new SettingsError([
      `${path} does not hold a master key. Restore it from a backup; without it no key verifies.`,
    ]);
  }
  return key;
}

/**
 * Writes aside and links into place, so that a crash or a second process never leaves or reads half a key. The name
 * aside is new each time: in a container every start has the same process id.
 */
function createProtected(dataDir: string, path: string): void {
  const aside = join(dataDir, `.${fileName}.${randomBytes(8).toString('hex')}`);
  const file = openSync(aside, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(masterKeyBytes).toString('base64url')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(aside);
  }
}

/**
 * The server's master key: from the setting when it is given, else from `<dataDir>/master.key`, which is made
 * on first start with mode 0600. Throws `SettingsError` when other users could read the file.
 */
export function loadMasterKey(dataDir: string, fromSetting: Uint8Array | undefined): Uint8Array {
  if (fromSetting !== undefined) return fromSetting;
  makeDataFolder(dataDir);
  const path = join(dataDir, fileName);
  if (!statSync(path, { throwIfNoEntry: false })) createProtected(dataDir, path);
  return readProtected(path);
}
