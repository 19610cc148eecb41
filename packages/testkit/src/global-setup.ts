import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.ts';
import { temporaryRootVariable } from './temporary-folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The maintenance database of the run's PostgreSQL. */
    postgresUrl: string;
  }
}

interface Peers {
  readonly postgresUrl: string;
  close(): Promise<void>;
}

interface SharedPeers {
  users: number;
  readonly started: Promise<Peers>;
}

async function startPeers(): Promise<Peers> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-tests-'));
  // Traversable, because PostgreSQL runs under another account where the tests run as root.
  chmodSync(folder, 0o711);
  process.env[temporaryRootVariable] = folder;
  // Hundreds of commands and servers are started; none has to compile again what one before it has.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
  const postgres = await startPostgres(folder);
  return {
    postgresUrl: postgres.url,
    async close() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// Each vitest project loads this module anew, so what they share hangs on the process itself.
const sharedName = Symbol.for('latchkey.testkit.peers');
const processWide = globalThis as { [sharedName]?: SharedPeers };

/** Starts the peers that every test may use, once for all projects of the run; what it returns stops them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  processWide[sharedName] ??= { users: 0, started: startPeers() };
  const shared = processWide[sharedName];
  shared.users += 1;
  const peers = await shared.started;
  project.provide('postgresUrl', peers.postgresUrl);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete processWide[sharedName];
    await peers.close();
  };
}
