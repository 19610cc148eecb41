import type { Bench, Finding } from './finding.ts';
import { requestsPerSecond } from './load.ts';
import { flushMicroseconds } from './machine.ts';
import { type LatchkeyServer, startBare, startLatchkey } from './mint-servers.ts';
import { inventOrganizations, type OrganizationSupply, supplyOrganizations } from './organizations.ts';
import { postRequest } from './requests.ts';
import { measureRounds, type Variant } from './rounds.ts';
import { inScratchFolder } from './scratch.ts';

const connections = 32;
const rounds = 11;
const warmUpRounds = 4;
const mintsPerSlice = 1_000;
const mintsPerSliceAlone = 250;
const answersPerSlice = 8_000;

const keyBody = { name: 'CI Deploy Key', scopes: ['deploy:use-case', 'workflows:trigger'] };

const names = {
  latchkey: 'Latchkey, create-key',
  bare: 'bare Fastify, same insert',
  latchkeyAlone: 'Latchkey, create-key, 1 connection',
  bareAlone: 'bare Fastify, same insert, 1 connection',
  insert: 'same insert in process, no HTTP',
  ceiling: 'bare Fastify, answer without work',
};

function mintRequest(organizationId: string, key: string): Buffer {
  return postRequest(`/v1/organizations/${organizationId}/keys`, { authorization: `Bearer ${key}` }, keyBody);
}

interface Shape {
  readonly name: string;
  readonly port: number;
  readonly connections: number;
  readonly requests: number;
}

function mintVariant(shape: Shape, organizations: OrganizationSupply, adminKey: string): Variant {
  let requests: Buffer[] = [];
  return {
    async prepare() {
      await organizations.ensureRoom(shape.requests);
      requests = organizations.take(shape.requests).map((id) => mintRequest(id, adminKey));
    },
    measure: async () => ({ [shape.name]: await requestsPerSecond({ ...shape, requests }) }),
  };
}

function repeated(shape: Shape, request: Buffer): Variant {
  const requests = Array.from({ length: shape.requests }, () => request);
  return { measure: async () => ({ [shape.name]: await requestsPerSecond({ ...shape, requests }) }) };
}

function insertVariant(port: number): Variant {
  const request = postRequest('/in-process', {}, { ...keyBody, count: mintsPerSlice });
  return {
    async measure() {
      let perSecond = Number.NaN;
      const onAnswer = (answer: string) => {
        perSecond = Number(/"perSecond":([\d.]+)/.exec(answer)?.[1]);
      };
      await requestsPerSecond({ port, connections: 1, requests: [request], onAnswer });
      return { [names.insert]: perSecond };
    },
  };
}

function variantsOf(latchkey: LatchkeyServer, barePort: number, insertPort: number): Variant[] {
  const { port, adminKey } = latchkey;
  const organizations = supplyOrganizations(port, adminKey);
  const invented = inventOrganizations();
  const many = { connections, requests: mintsPerSlice };
  const alone = { connections: 1, requests: mintsPerSliceAlone };
  const ceiling = { name: names.ceiling, port: barePort, connections, requests: answersPerSlice };
  return [
    mintVariant({ name: names.latchkey, port, ...many }, organizations, adminKey),
    mintVariant({ name: names.latchkeyAlone, port, ...alone }, organizations, adminKey),
    mintVariant({ name: names.bare, port: barePort, ...many }, invented, adminKey),
    mintVariant({ name: names.bareAlone, port: barePort, ...alone }, invented, adminKey),
    repeated(ceiling, postRequest('/nothing', { authorization: `Bearer ${adminKey}` }, keyBody)),
    insertVariant(insertPort),
  ];
}

async function measureIn(folder: string): Promise<Finding> {
  const latchkey = await startLatchkey(folder);
  const bare = await startBare(folder, 'bare', latchkey.databaseFile);
  const insert = await startBare(folder, 'insert', latchkey.databaseFile);
  const flush = flushMicroseconds(folder);
  const measured = await measureRounds(variantsOf(latchkey, bare.port, insert.port), {
    rounds,
    warmUpRounds,
  });
  await Promise.all([latchkey, bare, insert].map((server) => server.stop()));
  return {
    method: `POST create-key over HTTP, ${connections} keep-alive connections with one request at a time on each (and 1 connection where said), against bare Fastify that parses the same body, makes random bytes, a SHA-256 digest and the same row in the same table by one prepared statement and one commit per request. Both write SQLite through better-sqlite3 with WAL and synchronous=FULL. Each server is a process of its own, held to core 0; the client, raw sockets, is held to core 1. Latchkey runs as \`latchkey serve\` with its default settings: log level info, stderr in a file.`,
    unit: 'per second',
    measured,
    comparisons: [
      { of: names.latchkey, to: names.bare, aim: { atLeast: 0.5 } },
      { of: names.latchkeyAlone, to: names.bareAlone },
      { of: names.latchkey, to: names.insert },
      { of: names.bare, to: names.insert },
      { of: names.ceiling, to: names.bare },
    ],
    facts: { 'Flush of 4 KiB to this disk (fdatasync)': `median ${flush.toFixed(0)} µs` },
    limits: [
      'Latchkey may commit several requests that wait at the same time together, bare Fastify commits each by itself; with 1 connection neither can.',
      'The slower the disk flushes, the more the commit counts and the less everything else: see the flush time above.',
      'The caller is an admin key; a personal or organization key costs one more lookup, of its role.',
      'Organizations hold at most 20 active keys, so that mints are spread over many; they are created outside of what is measured.',
      'The bare server checks no foreign keys. Both tables grow alike during the run, to some ten thousand rows.',
      'The last row shows that the client and Fastify are not what limits the others. Loopback, no TLS.',
    ],
  };
}

/** Minting over HTTP, against the same insert behind bare Fastify. */
export const mint: Bench = {
  summary: 'create-key over HTTP against bare Fastify with the same durable insert',
  run: () => inScratchFolder(measureIn),
};
