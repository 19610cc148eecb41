import { join } from 'node:path';
import { forwardAuthPath, identityHeader, verifierKeyHeader } from '@latchkey/protocol';
import { startServer } from './child.ts';
import type { Bench, Finding } from './finding.ts';
import { startGate, startOpenGate, startUpstream, type Verifier } from './forward-auth-servers.ts';
import { projectPath } from './project-path.ts';
import { getRequest } from './requests.ts';
import { measureRounds } from './rounds.ts';
import { emptyHome, inScratchFolder } from './scratch.ts';
import { spreadKeys } from './seeded-keys.ts';
import { slice } from './slices.ts';
import { type SeededServer, startSeeded } from './verify-servers.ts';

const connections = 32;
const rounds = 11;
const warmUpRounds = 3;
const requestsPerSlice = 6_000;
const keysInUse = 1_000;
const serverCore = 0;

const names = {
  latchkey: 'nginx asking Latchkey',
  bare: 'nginx asking bare node:http',
  open: 'nginx asking nobody',
};

function startBareVerifier(folder: string, keys: readonly string[]) {
  return startServer({
    args: [projectPath('bench/bare-forward-auth-child.ts'), JSON.stringify(keys)],
    env: emptyHome(folder),
    core: serverCore,
  });
}

function latchkeyAsVerifier({ port, organizationId, verifyingKey }: SeededServer): Verifier {
  const query = new URLSearchParams({ organization: organizationId, audience: 'bench', nginx: '1' });
  return {
    port,
    path: `${forwardAuthPath}?${query}`,
    headers: { [verifierKeyHeader]: verifyingKey },
    identityHeader,
  };
}

async function startAll(folder: string, keys: readonly string[]) {
  const latchkey = await startSeeded(folder, 'latchkey', { keys: keysInUse });
  const bare = await startBareVerifier(folder, keys);
  const upstream = await startUpstream(folder);
  const gates = {
    latchkey: await startGate(join(folder, 'gate-latchkey'), latchkeyAsVerifier(latchkey), upstream.port),
    bare: await startGate(join(folder, 'gate-bare'), { port: bare.port, path: '/' }, upstream.port),
    open: await startOpenGate(join(folder, 'gate-open'), upstream.port),
  };
  return { gates, servers: [...Object.values(gates), upstream, bare, latchkey] };
}

async function measureIn(folder: string): Promise<Finding> {
  const keys = spreadKeys(keysInUse, keysInUse);
  const { gates, servers } = await startAll(folder, keys);
  const requests = keys.map((key) => getRequest('/', { authorization: `Bearer ${key}` }));
  const shape = { connections, count: requestsPerSlice, requests };
  const variants = (['latchkey', 'bare', 'open'] as const).map((which) =>
    slice({ name: names[which], port: gates[which].port, ...shape }),
  );
  const measured = await measureRounds(variants, { rounds, warmUpRounds });
  for (const server of servers) await server.stop();
  return {
    method: `GET through nginx (one process, auth_request, connections to what it asks are kept open) to an nginx that answers at once; ${connections} keep-alive connections with one request at a time on each, ${keysInUse} keys in turns, sent as Authorization: Bearer. nginx asks GET /v1/forward-auth of Latchkey and hands the signed header on that says who it is; or bare node:http, which looks a SHA-256 digest of the key up in a set and answers 204; or nobody. Each nginx and each verifier is held to core 0; what lies behind, and the client, raw sockets, to core 1. Latchkey runs as \`latchkey serve\` with its default settings.`,
    unit: 'per second',
    measured,
    comparisons: [
      { of: names.latchkey, to: names.bare, aim: { atLeast: 0.85 } },
      { of: names.latchkey, to: names.open },
      { of: names.bare, to: names.open },
    ],
    facts: {},
    limits: [
      'The bare verifier knows neither scopes nor expiry nor revocation, and tells nothing of who it is.',
      'All keys are right and have been seen before. Loopback, no TLS.',
    ],
  };
}

/** Forward-auth behind nginx, against nginx in front of the least that can verify. */
export const forwardAuth: Bench = {
  summary: 'nginx that asks Latchkey about each request, against one that asks bare node:http',
  run: () => inScratchFolder(measureIn),
};
