import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startProgramOfBench } from './bench-program.ts';
import type { ServerChild } from './child.ts';
import { requestsPerSecond } from './load.ts';
import { formRequest } from './requests.ts';
import { getJson } from './slices.ts';

/** A peer, with what it verifies. */
export interface Peer extends ServerChild {
  readonly keys: readonly string[];
}

/** Starts Better Auth on a database of its own, with so many keys. */
export async function startBetterAuth(
  folder: string,
  name: 'limited' | 'unlimited',
  count: number,
): Promise<Peer> {
  const file = join(folder, `better-auth-${name}.db`);
  const server = await startProgramOfBench(folder, 'peers/better-auth-child.ts', file, String(count), name);
  return { ...server, keys: await getJson<string[]>(server.port, '/keys') };
}

/** Starts bare Fastify, which answers this verdict, and in process looks up these keys. */
export async function startBareVerify(
  folder: string,
  verdict: string,
  keys: readonly string[],
): Promise<Peer> {
  return {
    ...(await startProgramOfBench(folder, 'bare-verify-child.ts', verdict, JSON.stringify(keys))),
    keys,
  };
}

/** An introspection endpoint, with requests that ask it about each of its tokens. */
export interface Introspection extends ServerChild {
  readonly requests: readonly Buffer[];
}

/** Starts oidc-provider and has it issue so many tokens; its store in memory keeps a thousand records. */
export async function startOidcProvider(folder: string, count: number): Promise<Introspection> {
  const secret = randomBytes(16).toString('hex');
  const server = await startProgramOfBench(folder, 'peers/oidc-provider-child.ts', 'bench', secret);
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
