import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where systems keep the programs of an administrator, which a user's PATH often leaves out. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The one that a variable names and nothing else; without that, the first on PATH or in the system's folders. */
function findProgram(name: string, named: string | undefined, path = ''): string | undefined {
  if (named) return isProgram(named) ? named : undefined;
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return [...folders, ...systemFolders].map((folder) => join(folder, name)).find(isProgram);
}

/** The nginx of the tests: `LATCHKEY_TEST_NGINX`, or one that is installed. `undefined` when there is none. */
export function findNginx(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram('nginx', env.LATCHKEY_TEST_NGINX, env.PATH);
}

/** The Caddy of the tests: `LATCHKEY_TEST_CADDY`, or one that is installed. `undefined` when there is none. */
export function findCaddy(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram('caddy', env.LATCHKEY_TEST_CADDY, env.PATH);
}

/** A program that is called by its name. `undefined` when there is none. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram(name, undefined, env.PATH);
}
