import type { Bench, Finding } from './finding.ts';
import { requestsPerSecond } from './load.ts';
import { flushMicroseconds } from './machine.ts';
import { postRequest } from './requests.ts';
import { measureRounds, type Variant } from './rounds.ts';
import { inScratchFolder } from './scratch.ts';
import { type Door, startBareTrigger, startDoor } from './trigger-servers.ts';

const connections = 32;
const rounds = 11;
const warmUpRounds = 3;
const triggersPerSlice = 3_000;
const answersPerSlice = 6_000;

const names = {
  instanceKey: 'Latchkey, trigger by instance key',
  organizationKey: 'Latchkey, trigger by organization key',
  ended: 'Latchkey, triggered, called and ended',
  durable: 'bare Fastify, one insert and commit per request',
  nothing: 'bare Fastify, answer without storage',
};

const body = {
  payload: {
    orderId: 4711,
    customer: { name: 'Ada Lovelace', email: 'ada@example.com' },
    note: 'x'.repeat(300),
  },
};

interface Shape {
  readonly name: string;
  readonly port: number;
  readonly request: Buffer;
  readonly requests: number;
}

function accepting({ name, port, request, requests }: Shape, prepare?: () => Promise<void>): Variant {
  const all = Array.from({ length: requests }, () => request);
  return {
    ...(prepare !== undefined && { prepare }),
    measure: async () => ({ [name]: await requestsPerSecond({ port, connections, requests: all }) }),
  };
}

/** From the first trigger to the end of the last execution. */
function ending(door: Door, request: Buffer): Variant {
  const requests = Array.from({ length: triggersPerSlice }, () => request);
  return {
    prepare: door.settled,
    async measure() {
      const startedAtMs = performance.now();
      await requestsPerSecond({ port: door.port, connections, requests });
      await door.settled();
      return { [names.ended]: requests.length / ((performance.now() - startedAtMs) / 1000) };
    },
  };
}

function variantsOf(door: Door, barePort: number): Variant[] {
  const { port, instanceId, settled } = door;
  const path = `/webhook/${instanceId}/main`;
  const byInstanceKey = postRequest(path, { 'x-api-key': door.instanceKey }, body);
  const byOrganizationKey = postRequest(path, { 'x-process-manager-key': door.organizationKey }, body);
  const nothing = postRequest(`/nothing/${instanceId}/main`, { 'x-api-key': door.instanceKey }, body);
  const many = { port, requests: triggersPerSlice };
  const bare = { port: barePort };
  return [
    accepting({ name: names.instanceKey, request: byInstanceKey, ...many }, settled),
    accepting({ name: names.organizationKey, request: byOrganizationKey, ...many }, settled),
    ending(door, byInstanceKey),
    accepting({ name: names.durable, request: byInstanceKey, requests: triggersPerSlice, ...bare }, settled),
    accepting({ name: names.nothing, request: nothing, requests: answersPerSlice, ...bare }, settled),
  ];
}

async function measureIn(folder: string): Promise<Finding> {
  const door = await startDoor(folder);
  const bare = await startBareTrigger(folder, door.databaseFile);
  const flush = flushMicroseconds(folder);
  const measured = await measureRounds(variantsOf(door, bare.port), { rounds, warmUpRounds });
  await Promise.all([door, bare].map((server) => server.stop()));
  return {
    method: `POST /webhook/{instance}/{workflow} with a payload of 400 bytes over HTTP, ${connections} keep-alive connections with one request at a time on each; every answered execution is on disk. Against bare Fastify that parses the same body, looks a SHA-256 digest of the key up in a set and writes the same row into the same table by one prepared statement and one commit per request; and against one that only answers. Both write SQLite through better-sqlite3 with WAL and synchronous=FULL. Each server is a process of its own, held to core 0; the client, raw sockets, and the target are held to core 1. Latchkey runs as \`latchkey serve\` with its default settings, and calls the target of what it has accepted meanwhile, as always.`,
    unit: 'per second',
    measured,
    comparisons: [
      { of: names.instanceKey, to: names.durable, aim: { atLeast: 2 } },
      { of: names.instanceKey, to: names.nothing, aim: { atLeast: 0.5 } },
      { of: names.organizationKey, to: names.durable },
      { of: names.ended, to: names.durable },
    ],
    facts: { 'Flush of 4 KiB to this disk (fdatasync)': `median ${flush.toFixed(0)} µs` },
    limits: [
      'The slower the disk flushes, the more is gained by committing what waits at the same time together: see the flush time above.',
      'Before each slice, what is pending is waited for, so that no slice pays for the calls of another; within a slice they compete for the one core.',
      '"Ended" counts from the first trigger to the end of the last execution: accepted, called with a signed principal and a signature, answered, and its result on disk.',
      'Loopback, no TLS.',
    ],
  };
}

/** Accepting executions over HTTP, against bare Fastify with and without a durable insert. */
export const trigger: Bench = {
  summary: 'accepted triggers against bare Fastify with a durable insert each, and without storage',
  run: () => inScratchFolder(measureIn),
};
