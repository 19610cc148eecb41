import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { parseConfig } from './format.ts';
import { type Config, emptyConfig } from './profile.ts';

/** The saved profiles and sessions cannot be read or written. The message names the file. */
export class ConfigFileError extends Error {
  override readonly name = 'ConfigFileError';
}

/** Why a file operation failed, in words where it is common. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of the path is not a folder',
    EISDIR: 'it is a folder',
    ENOENT: 'there is no such file',
  };
  return words[code] ?? code;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new ConfigFileError(`Cannot read ${file}: ${fileProblem(error)}.`, { cause: error });
  }
}

/**
 * Reads the profiles; none where there is no file.
 *
 * @throws {ConfigFileError} when the file is not what this program writes. It is never taken for empty.
 */
export function readConfigFile(file: string): Config {
  const text = readText(file);
  if (text === undefined) return emptyConfig;
  const config = parseConfig(text);
  if (config !== undefined) return config;
  throw new ConfigFileError(
    `${file} is damaged and was left as it is. Repair it, or move it away and log in again.`,
  );
}

/** The permissions that others have on the file or its folder, as in `mode 644`; undefined when none. */
export function looseMode(file: string): { path: string; mode: string } | undefined {
  for (const path of [file, dirname(file)]) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) !== 0) return { path, mode: (mode & 0o777).toString(8) };
  }
  return undefined;
}

/** Some file systems have no permissions to set; reading then warns. */
function restrict(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}

/** Makes the folder, and the folders above it, for the owner alone. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  restrict(folder, 0o700);
}

/** A link could lead anywhere, and what is written here are secrets (contract/culvii.md E.3). */
function refuseLink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new ConfigFileError(
    `${file} is a symbolic link. Put the file itself there, or set XDG_CONFIG_HOME to the folder it leads to.`,
  );
}

/**
 * Replaces a file in one step: a reader sees the old text or the new, also after a crash.
 *
 * @throws {ConfigFileError} when a symbolic link stands there.
 */
export function replaceFile(file: string, text: string): void {
  refuseLink(file);
  const temporary = `${file}.${process.pid}.${Date.now()}.tmp`;
  try {
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    restrict(temporary, 0o600);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
