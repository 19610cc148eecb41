import { openSync } from 'node:fs';
import { join } from 'node:path';
import { adminCreateKey } from '@latchkey/server';
import { type ServerChild, startServer } from './child.ts';
import { latchkeyProgram, projectPath } from './project-path.ts';
import { emptyHome } from './scratch.ts';

const serverCore = 0;

/** A started Latchkey with a key that may create organizations and keys. */
export interface LatchkeyServer extends ServerChild {
  readonly adminKey: string;
  readonly databaseFile: string;
}

/** Starts `latchkey serve` as it comes, its log in a file as under a service manager. */
export async function startLatchkey(folder: string): Promise<LatchkeyServer> {
  const dataDir = join(folder, 'latchkey-data');
  const server = await startServer({
    args: [latchkeyProgram, 'serve', '--port', '0', '--data', dataDir],
    env: emptyHome(folder),
    core: serverCore,
    stderr: openSync(join(folder, 'latchkey.log'), 'w'),
  });
  const { apiKey } = await adminCreateKey({
    family: 'admin',
    name: 'bench',
    scopes: ['organizations:create', 'api-keys:manage'],
    dataDir,
  });
  return { ...server, adminKey: apiKey, databaseFile: join(dataDir, 'latchkey.db') };
}

/** Starts bare Fastify on a database of its own with Latchkey's table of keys. */
export function startBare(folder: string, name: string, latchkeyDatabase: string): Promise<ServerChild> {
  return startServer({
    args: [projectPath('bench/bare-mint-child.ts'), latchkeyDatabase, join(folder, `${name}.db`)],
    env: emptyHome(folder),
    core: serverCore,
  });
}
