import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { Counting } from '@latchkey/protocol';
import { startServer } from './child.ts';
import type { Bench, Comparison, Finding } from './finding.ts';
import { flushMicroseconds } from './machine.ts';
import { projectPath } from './project-path.ts';
import { measureRounds, type Variant } from './rounds.ts';
import { emptyHome, inScratchFolder } from './scratch.ts';
import { spreadKeys } from './seeded-keys.ts';
import { answerTo, bodyOf, slice } from './slices.ts';
import { verifyRequest } from './verify-requests.ts';
import { type SeededServer, startSeeded } from './verify-servers.ts';

const connections = 64;
const rounds = 11;
const warmUpRounds = 3;
const requestsPerSlice = 6_000;
const keysInUse = 1_000;
const serverCore = 0;

const keys = spreadKeys(keysInUse, keysInUse);

/** So much that no slice is refused. */
const plenty = { requests: 1_000_000_000, windowSeconds: 86_400 };

const ways = ['not counted', 'fast', 'exact'] as const;
const bareName = 'bare Fastify, one commit per use';
const spreads = [
  { label: '1 key', asked: keys.slice(0, 1) },
  { label: '1,000 keys', asked: keys },
];

function at(name: string, label: string): string {
  return `${name}, ${label}`;
}

type Server = Pick<SeededServer, 'port' | 'verifyingKey'>;

function variantsOf(name: string, { port, verifyingKey }: Server): Variant[] {
  return spreads.map(({ label, asked }) => {
    const requests = asked.map((key) => verifyRequest(verifyingKey, key));
    return slice({ name: at(name, label), port, connections, count: requestsPerSlice, requests });
  });
}

function startCounting(folder: string, counting: Counting): Promise<SeededServer> {
  return startSeeded(folder, counting, { keys: keysInUse, limits: [{ ...plenty, counting }] });
}

/** Starts bare Fastify, which answers what Latchkey answers of a counted key. */
async function startBare(folder: string, { databaseFile, port, verifyingKey }: SeededServer) {
  const verdict = bodyOf(await answerTo(port, verifyRequest(verifyingKey, keys[0] ?? '')));
  const texts = [JSON.stringify(keys), JSON.stringify(verdict)];
  const server = await startServer({
    args: [projectPath('bench/bare-count-child.ts'), databaseFile, join(folder, 'bare.db'), ...texts],
    env: emptyHome(folder),
    core: serverCore,
    stderr: openSync(join(folder, 'bare.log'), 'a'),
  });
  return { ...server, verifyingKey };
}

function compareAt(label: string): Comparison[] {
  const [uncounted, fast, exact] = ways.map((way) => at(way, label)) as [string, string, string];
  return [
    { of: fast, to: uncounted, aim: { atLeast: 0.9 } },
    { of: exact, to: uncounted },
    { of: exact, to: at(bareName, label), aim: { atLeast: 1 } },
  ];
}

async function measureIn(folder: string): Promise<Finding> {
  const uncounted = await startSeeded(folder, 'uncounted', { keys: keysInUse });
  const fast = await startCounting(folder, 'fast');
  const exact = await startCounting(folder, 'exact');
  const bare = await startBare(folder, exact);
  const flush = flushMicroseconds(folder);
  const variants = [
    ...variantsOf('not counted', uncounted),
    ...variantsOf('fast', fast),
    ...variantsOf('exact', exact),
    ...variantsOf(bareName, bare),
  ];
  const measured = await measureRounds(variants, { rounds, warmUpRounds });
  await Promise.all([uncounted, fast, exact, bare].map((server) => server.stop()));
  return {
    method: `POST /v1/keys/verify of one key, and of ${keysInUse} in turns, ${connections} keep-alive connections with one request at a time on each: keys without limits, with one limit that is counted fast, and with one that is counted exactly, which is on disk before the answer. Against bare Fastify that looks a SHA-256 digest of the key up in a map, counts by one prepared guarded statement and one commit per request, and answers the same. All write SQLite through better-sqlite3 with WAL and synchronous=FULL. Each server is a process of its own, held to core 0; the client, raw sockets, is held to core 1. Latchkey runs as \`latchkey serve\` with its default settings.`,
    unit: 'per second',
    measured,
    comparisons: spreads.flatMap(({ label }) => compareAt(label)),
    facts: { 'Flush of 4 KiB to this disk (fdatasync)': `median ${flush.toFixed(0)} µs` },
    limits: [
      'The limits are so high that nothing is refused: what is refused costs less.',
      'The slower the disk flushes, the more is gained by committing what waits at the same time together: see the flush time above.',
      'One process on SQLite. Several on PostgreSQL share the counters of a key, and wait for each other where it is counted exactly.',
    ],
  };
}

/** What counting uses of keys costs, exactly and fast. */
export const limits: Bench = {
  summary: 'verification of limited keys, counted exactly and fast, against keys without limits',
  run: () => inScratchFolder(measureIn),
};
