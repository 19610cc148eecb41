import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerChild, startServer } from './child.ts';
import { requestsPerSecond } from './load.ts';
import { projectPath } from './project-path.ts';
import { formRequest } from './requests.ts';
import { emptyHome } from './scratch.ts';
import { getJson } from './slices.ts';
import type { SeededServer } from './verify-servers.ts';

const serverCore = 0;

/** So many keys are read in turns: more than SQLite holds pages of in memory. */
const coldKeys = 200_000;

/** Where a server keeps its keys. */
type Database = Pick<SeededServer, 'dataDir' | 'databaseFile'>;

/** A peer, with what it verifies. */
export interface Peer extends ServerChild {
  readonly keys: readonly string[];
}

function start(folder: string, program: string, ...args: readonly string[]): Promise<ServerChild> {
  return startServer({
    args: [projectPath(`bench/${program}`), ...args],
    env: emptyHome(folder),
    core: serverCore,
    // Theirs to fill: oidc-provider warns at length of what a bench is.
    stderr: openSync(join(folder, 'peers.log'), 'a'),
  });
}

/** Starts Better Auth on a database of its own, with so many keys. */
export async function startBetterAuth(
  folder: string,
  name: 'limited' | 'unlimited',
  count: number,
): Promise<Peer> {
  const file = join(folder, `better-auth-${name}.db`);
  const server = await start(folder, 'peers/better-auth-child.ts', file, String(count), name);
  return { ...server, keys: await getJson<string[]>(server.port, '/keys') };
}

/** Starts bare Fastify, which answers this verdict, and in process looks up these keys. */
export async function startBareVerify(
  folder: string,
  verdict: string,
  keys: readonly string[],
): Promise<Peer> {
  return { ...(await start(folder, 'bare-verify-child.ts', verdict, JSON.stringify(keys))), keys };
}

/** Starts the program that reads keys out of this database, of which it holds so many, as directly as can be. */
export function startBareRead(
  folder: string,
  { dataDir, databaseFile }: Database,
  keys: number,
): Promise<ServerChild> {
  const args = [dataDir, databaseFile, String(coldKeys), String(keys)];
  return start(folder, 'bare-read-child.ts', ...args);
}

/** An introspection endpoint, with requests that ask it about each of its tokens. */
export interface Introspection extends ServerChild {
  readonly requests: readonly Buffer[];
}

/** Starts oidc-provider and has it issue so many tokens; its store in memory keeps a thousand records. */
export async function startOidcProvider(folder: string, count: number): Promise<Introspection> {
  const secret = randomBytes(16).toString('hex');
  const server = await start(folder, 'peers/oidc-provider-child.ts', 'bench', secret);
  const headers = { authorization: `Basic ${btoa(`bench:${secret}`)}` };
  const issue = formRequest('/token', headers, { grant_type: 'client_credentials', scope: 'projects:read' });
  const tokens: string[] = [];
  await requestsPerSecond({
    port: server.port,
    connections: 1,
    requests: Array.from({ length: count }, () => issue),
    onAnswer: (answer) => tokens.push(/"access_token":"([^"]+)"/.exec(answer)?.[1] ?? ''),
  });
  return {
    ...server,
    requests: tokens.map((token) => formRequest('/token/introspection', headers, { token })),
  };
}
