import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const debianRoot = '/usr/lib/postgresql';

function debianFolders(): string[] {
  if (!existsSync(debianRoot)) return [];
  return readdirSync(debianRoot)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debianRoot, version, 'bin'));
}

/** Client wrappers alone do not count: a server needs both programs in one folder. */
function holdsServer(folder: string): boolean {
  return existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'));
}

/**
 * The folder of the PostgreSQL server programs: `LATCHKEY_TEST_PG_BIN`, then PATH, then Debian's own folders,
 * newest first. `undefined` when there is none.
 */
export function findPostgresBinaries(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.LATCHKEY_TEST_PG_BIN;
  if (named) return holdsServer(named) ? named : undefined;
  return [...(env.PATH ?? '').split(delimiter), ...debianFolders()].find(
    (folder) => folder !== '' && holdsServer(folder),
  );
}
