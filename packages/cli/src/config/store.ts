import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { ConfigFileError, fileProblem, looseMode, makeFolder, readConfigFile, replaceFile } from './file.ts';
import { formatConfig, parseConfig } from './format.ts';
import { withLock, withLongLock } from './lock.ts';
import type { Config } from './profile.ts';

/** The saved profiles and sessions of one user. Every method throws `ConfigFileError`. */
export interface ConfigStore {
  readonly file: string;
  read(): Config;
  /** Reads, changes and writes in one step that other processes do not interrupt. */
  update(change: (config: Config) => Config): Config;
  /** Runs `work` while no other process renews a session; reading and `update` stay possible. */
  renewing<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Finds out, before a secret is minted, whether it could be saved. */
  checkWritable(): void;
  /** Deletes the file, damaged or not. */
  clear(): void;
}

/** `$XDG_CONFIG_HOME/latchkey/config.json`, else under `~/.config`; a relative `XDG_CONFIG_HOME` is ignored. */
export function configFile(env: Readonly<Record<string, string | undefined>>): string {
  const fromEnv = env.XDG_CONFIG_HOME ?? '';
  const folder = isAbsolute(fromEnv) ? fromEnv : join(env.HOME || homedir(), '.config');
  return join(folder, 'latchkey', 'config.json');
}

/** The store of one file; `warn` is told once when others can read it. */
export function configStore(file: string, warn: (text: string) => void): ConfigStore {
  let wasChecked = false;

  function read(): Config {
    const config = readConfigFile(file);
    const isEmpty = config.profiles.size === 0 && config.sessions.size === 0;
    const loose = wasChecked || isEmpty ? undefined : looseMode(file);
    wasChecked = true;
    if (loose !== undefined) {
      warn(
        `Others can open ${loose.path} (mode ${loose.mode}), which holds keys and sessions. Run: chmod go= ${loose.path}`,
      );
    }
    return config;
  }

  function inWords(error: unknown): unknown {
    if (!(error instanceof Error && 'syscall' in error)) return error;
    const problem = `Cannot write ${file}: ${fileProblem(error)}.`;
    return new ConfigFileError(`${problem} Set XDG_CONFIG_HOME to a folder that can be written.`, {
      cause: error,
    });
  }

  function locked<Result>(work: () => Result): Result {
    try {
      makeFolder(dirname(file));
      return withLock(`${file}.lock`, work);
    } catch (error) {
      throw inWords(error);
    }
  }

  async function renewing<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      makeFolder(dirname(file));
      return await withLongLock(`${file}.renewal.lock`, work);
    } catch (error) {
      throw inWords(error);
    }
  }

  return {
    file,
    read,
    update: (change) =>
      locked(() => {
        const config = change(readConfigFile(file));
        const text = formatConfig(config);
        if (parseConfig(text) === undefined)
          throw new ConfigFileError('The key is not whole. Nothing was saved.');
        replaceFile(file, text);
        return config;
      }),
    renewing,
    checkWritable: () => locked(() => void readConfigFile(file)),
    clear: () => locked(() => rmSync(file, { force: true })),
  };
}
