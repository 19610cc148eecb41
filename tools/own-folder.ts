import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** When a file was last written; 0 of one that is not there. */
function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** What npm writes as the last of an installation is older than its lock when the lock has been changed since. */
function isInstalled(folder: string): boolean {
  const lock = writtenAt(join(folder, 'package-lock.json'));
  return writtenAt(join(folder, 'node_modules/.package-lock.json')) >= lock;
}

/**
 * Has npm install what the lock of a folder says that is no workspace, unless it has. Throws with what to do where
 * that fails.
 */
export function installOwnFolder(folder: string, ...options: readonly string[]): void {
  if (isInstalled(folder)) return;
  process.stderr.write(`Installing ${folder}, which is needed now.\n`);
  const args = ['ci', '--no-audit', '--no-fund', ...options];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  throw new Error(
    `npm ${args.join(' ')} failed in ${folder}.\nIts reason stands above; nothing but the npm registry is needed.`,
  );
}
