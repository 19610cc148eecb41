import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endWithTests } from './end-with-tests.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';

/** A PostgreSQL of our own, on loopback, trusting every local caller. */
export interface PostgresServer {
  /** `postgres://…/postgres`: the maintenance database, as superuser. */
  readonly url: string;
  /** Ends every connection and resolves when the process is gone. */
  stop(): Promise<void>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const startAttempts = 5;

/** PostgreSQL refuses to run as root; its Debian package brings an account for it. */
function accountToRunAs(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

/** Resolves true when the server accepts connections, false when it ended instead (the port was taken). */
async function becameReady(server: ChildProcess, log: string[]): Promise<boolean> {
  return await new Promise((resolve) => {
    server.once('exit', () => resolve(false));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log.push(text);
      if (text.includes('ready to accept connections')) resolve(true);
    });
  });
}

function serverArguments(dataFolder: string, socketFolder: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder,
    shared_buffers: '64MB',
    max_connections: '200',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataFolder, '-p', String(port), ...flags];
}

function handleTo(server: ChildProcess, port: number): PostgresServer {
  // A run that ends in the middle must not leave a server behind; SIGQUIT needs no answer from it.
  endWithTests(server, () => void server.kill('SIGQUIT'));
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      const gone = once(server, 'exit');
      server.kill('SIGINT');
      await gone;
    },
  };
}

/**
 * Makes a new cluster under `folder` and starts it on a free port. `fsync` stays on, so that a test which kills
 * a server process finds what a real database would hold. Every parent of `folder` must be traversable by the
 * `postgres` account when the tests run as root.
 */
export async function startPostgres(folder: string): Promise<PostgresServer> {
  const binaries = findPostgresBinaries();
  if (binaries === undefined) throw new Error('PostgreSQL is missing: run `node tools/prepare-peers.ts`');
  const account = accountToRunAs();
  const home = join(folder, 'postgres');
  mkdirSync(home, { mode: 0o700 });
  if (account) chownSync(home, account.uid, account.gid);

  const dataFolder = join(home, 'data');
  const cluster = [
    '-D',
    dataFolder,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  execFileSync(join(binaries, 'initdb'), cluster, {
    ...account,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });

  const log: string[] = [];
  for (let attempt = 1; attempt <= startAttempts; attempt += 1) {
    const port = await freePort();
    const server = spawn(join(binaries, 'postgres'), serverArguments(dataFolder, home, port), {
      ...account,
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (await becameReady(server, log)) return handleTo(server, port);
  }
  throw new Error(`PostgreSQL did not start:\n${log.join('')}`);
}
