import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nginx, requirePeer } from '../tools/machine-peers.ts';
import { type ServerChild, startProgram } from './child.ts';

const startTimeoutMs = 10_000;
const lookIntervalMs = 20;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1' });
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

async function waitFor(port: number): Promise<number> {
  const endsAtMs = performance.now() + startTimeoutMs;
  while (!(await accepts(port))) {
    if (performance.now() > endsAtMs) throw new Error('nginx did not start: see what it has written');
    await delay(lookIntervalMs);
  }
  return port;
}

/** One process and no log of requests: what it does for a request is all that it does. */
function configuration(folder: string, port: number, http: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
${folders.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
  access_log off;
  keepalive_requests 1000000000;
  ${http.replace('PORT', `127.0.0.1:${port}`)}
}
`;
}

/** How to run an nginx. */
export interface NginxOptions {
  /** For its configuration and its log; made here. */
  readonly folder: string;
  /** What stands in the block `http`, with PORT in place of the address that it listens on. */
  readonly http: string;
  readonly core: number;
}

/** Starts an nginx of one process; resolves when it accepts connections. */
export async function startNginx({ folder, http, core }: NginxOptions): Promise<ServerChild> {
  const program = requirePeer(nginx);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, http));
  return startProgram({
    program,
    args: ['-e', join(folder, 'error.log'), '-p', folder, '-c', file],
    env: process.env,
    core,
    listening: () => waitFor(port),
  });
}
