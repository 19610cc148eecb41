import type { Bench, Finding } from './finding.ts';
import { requestsPerSecond } from './load.ts';
import { sendAtRate } from './open-loop.ts';
import { supplyOrganizations } from './organizations.ts';
import { postRequest } from './requests.ts';
import { measureRounds, type Variant } from './rounds.ts';
import { inScratchFolder } from './scratch.ts';
import { spreadKeys } from './seeded-keys.ts';
import { quantileOf } from './statistics.ts';
import { verifyRequest } from './verify-requests.ts';
import { type SeededServer, startSeeded } from './verify-servers.ts';

const connections = 64;
const rounds = 5;
const warmUpRounds = 1;
const seconds = 12;
const keysInUse = 10_000;
const mintsPerSecond = 50;
const saturatingRequests = 30_000;

const names = {
  median: 'median',
  p99: 'p99',
  longest: 'longest stall',
  client: 'longest pause of the client itself',
};

interface Plan {
  readonly server: SeededServer;
  readonly requests: readonly Buffer[];
  /** That were reached, one for each round. */
  readonly rates: number[];
}

async function saturatedRate({ port }: SeededServer, requests: readonly Buffer[]): Promise<number> {
  const all = Array.from({ length: saturatingRequests }, (_, at) => requests[at % requests.length] as Buffer);
  return requestsPerSecond({ port, connections, requests: all });
}

const keyBody = { name: 'CI Deploy Key', scopes: ['deploy:use-case', 'workflows:trigger'] };

/** Mints at a steady rate beside whatever else is sent; each key in an organization that has room for it. */
function minting({ port, adminKey }: SeededServer) {
  const organizations = supplyOrganizations(port, adminKey);
  const count = mintsPerSecond * seconds;
  let requests: Buffer[] = [];
  return {
    async prepare() {
      await organizations.ensureRoom(count);
      const headers = { authorization: `Bearer ${adminKey}` };
      requests = organizations
        .take(count)
        .map((id) => postRequest(`/v1/organizations/${id}/keys`, headers, keyBody));
    },
    mint: () => sendAtRate({ port, connections: 4, requests, perSecond: mintsPerSecond, seconds }),
  };
}

/** The rate is found anew for each round: what a shared machine can do changes from minute to minute. */
function paced({ server, requests, rates }: Plan): Variant {
  const { prepare, mint } = minting(server);
  return {
    prepare,
    async measure() {
      const saturated = await saturatedRate(server, requests);
      rates.push(saturated);
      const perSecond = Math.round(saturated / 2);
      const load = { port: server.port, connections, requests, perSecond, seconds };
      const [{ latenciesMs, clientGapMs }] = await Promise.all([sendAtRate(load), mint()]);
      const sorted = latenciesMs.sort();
      return {
        [names.median]: quantileOf(sorted, 0.5),
        [names.p99]: quantileOf(sorted, 0.99),
        [names.longest]: quantileOf(sorted, 1),
        [names.client]: clientGapMs,
      };
    },
  };
}

async function measureIn(folder: string): Promise<Finding> {
  const server = await startSeeded(folder, 'latchkey', { keys: keysInUse });
  const requests = spreadKeys(keysInUse, keysInUse).map((key) => verifyRequest(server.verifyingKey, key));
  const rates: number[] = [];
  const measured = await measureRounds([paced({ server, requests, rates })], { rounds, warmUpRounds });
  await server.stop();
  return {
    method: `POST /v1/keys/verify at half of the rate that ${connections} busy connections reached just before each round, open loop: requests are due at even intervals for ${seconds} s in each round whatever the server does, over at most ${connections} keep-alive connections, and each latency counts from when its request was due. Meanwhile ${mintsPerSecond} keys a second are minted, each committed to disk, and what was used of ${keysInUse} keys, in turns, is written down by the server as always. The server is held to core 0; the client, raw sockets, to core 1, where it never sleeps. Latchkey runs as \`latchkey serve\` with its default settings.`,
    unit: 'ms',
    measured,
    comparisons: [],
    bounds: [
      { of: names.p99, over: 'median', atMost: 5 },
      { of: names.longest, over: 'worst', atMost: 50 },
    ],
    facts: {
      'Rates that were reached, per second': rates.map((rate) => rate.toFixed(0)).join(', '),
    },
    limits: [
      'A stall is the longest time that any of the verifications had to wait, from when it was due; what the client itself paused is in it.',
      'The rate is that of one connection each for 64 callers on one core: a server with two gets further. Loopback, no TLS.',
    ],
  };
}

/** How long verifying takes while other things happen. */
export const latency: Bench = {
  summary: 'latency of verification at half of saturation, while keys are minted and uses are written down',
  run: () => inScratchFolder(measureIn),
};
