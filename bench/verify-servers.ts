import { openSync } from 'node:fs';
import { join } from 'node:path';
import { adminCreateKey } from '@latchkey/server';
import { type ServerChild, startServer } from './child.ts';
import { post } from './post.ts';
import { latchkeyProgram } from './project-path.ts';
import { emptyHome } from './scratch.ts';
import { type Seed, seedKeys } from './seeded-keys.ts';

const serverCore = 0;

/** A Latchkey whose keys are the seeded ones. */
export interface SeededServer extends ServerChild {
  readonly dataDir: string;
  readonly databaseFile: string;
  /** Whose the keys are. */
  readonly organizationId: string;
  /** May create organizations and keys. */
  readonly adminKey: string;
  /** May verify the keys. */
  readonly verifyingKey: string;
}

/** Which keys a server has. */
export type Keys = Pick<Seed, 'keys' | 'limits'>;

function serve(folder: string, dataDir: string): Promise<ServerChild> {
  return startServer({
    args: [latchkeyProgram, 'serve', '--port', '0', '--data', dataDir],
    env: emptyHome(folder),
    core: serverCore,
    stderr: openSync(`${dataDir}.log`, 'a'),
  });
}

async function setUp(port: number, dataDir: string) {
  const scopes = ['organizations:create', 'api-keys:manage'] as const;
  const { apiKey: adminKey } = await adminCreateKey({ family: 'admin', name: 'bench', scopes, dataDir });
  const { organizationId = '' } = await post(port, '/v1/organizations', adminKey, { name: 'Bench' });
  const body = { name: 'API', scopes: ['keys:verify'] };
  const { apiKey: verifyingKey = '' } = await post(
    port,
    `/v1/organizations/${organizationId}/keys`,
    adminKey,
    body,
  );
  return { adminKey, organizationId, verifyingKey };
}

/**
 * Starts `latchkey serve` as it comes on a database with these keys. They are put in while it is stopped: a server
 * that meets the lock of a foreign writer would answer with errors.
 */
export async function startSeeded(folder: string, name: string, keys: Keys): Promise<SeededServer> {
  const dataDir = join(folder, name);
  const databaseFile = join(dataDir, 'latchkey.db');
  const first = await serve(folder, dataDir);
  const tenant = await setUp(first.port, dataDir);
  await first.stop();
  seedKeys({ dataDir, databaseFile, organizationId: tenant.organizationId, ...keys });
  return { ...(await serve(folder, dataDir)), dataDir, databaseFile, ...tenant };
}
