import { chmodSync } from 'node:fs';
import { startPostgres } from '@latchkey/testkit';
import { startHolder } from '../e2e/revocation/holder.ts';
import { startThreeServers } from '../e2e/revocation/three-servers.ts';
import { revokeUnderLoad } from '../e2e/revocation/under-load.ts';
import { releaseSelf } from './child.ts';
import type { Bench, Finding } from './finding.ts';
import { inScratchFolder } from './scratch.ts';
import { quantileOf } from './statistics.ts';

const rounds = 5;
const warmUpRevocations = 36;
const revocationsPerRound = 100;
const holderCount = 4;

const names = { median: 'median', p99: 'p99', longest: 'longest' };

type Round = Awaited<ReturnType<typeof revokeUnderLoad>>;

async function runRounds(databaseUrl: string): Promise<Round[]> {
  const three = await startThreeServers(databaseUrl);
  const holders = Array.from({ length: holderCount }, (_, at) =>
    startHolder(`bench-${at}`, three.servers[at % 3]?.baseUrl ?? '', three.verifyingKey),
  );
  const done: Round[] = [];
  try {
    await revokeUnderLoad(three, holders, warmUpRevocations);
    while (done.length < rounds) done.push(await revokeUnderLoad(three, holders, revocationsPerRound));
  } finally {
    await Promise.all(holders.map((holder) => holder.stop()));
    await three.close();
  }
  return done;
}

function total(all: readonly Round[], field: 'accepted' | 'fromMemory'): string {
  return all.reduce((sum, round) => sum + round[field], 0).toLocaleString('en');
}

function findingOf(all: readonly Round[]): Finding {
  const late = all.flatMap((round) => round.late);
  if (late.length > 0) throw new Error(`accepted after their receipt: ${late.join(', ')}`);
  const sorted = all.map(({ receiptsMs }) => Float64Array.from(receiptsMs).sort());
  const each = (fraction: number) => sorted.map((round) => quantileOf(round, fraction));
  return {
    method: `${rounds} × ${revocationsPerRound} revocations, one after the other, each through the next of three server processes on one PostgreSQL, while ${holderCount} processes with a verifier of the SDK verify all keys that there are, one call after the other, as fast as they can. A receipt counts from when the revocation is sent until its answer is here. Everything shares the cores of the machine: nothing is held to one.`,
    unit: 'ms',
    measured: {
      values: { [names.median]: each(0.5), [names.p99]: each(0.99), [names.longest]: each(1) },
      foreignCores: all.map(() => undefined),
      dropped: 0,
    },
    comparisons: [],
    bounds: [{ of: names.p99, over: 'median', atMost: 100 }],
    facts: {
      'Verifications that began after the receipt of their key and accepted it': '0',
      'Accepted in all, and of these from memory': `${total(all, 'accepted')} and ${total(all, 'fromMemory')}`,
    },
    limits: [
      'The verifiers alone would use more cores than there are: a back end that rests now and then answers sooner.',
      'One machine: no network lies between. What other processes used meanwhile was not looked at.',
    ],
  };
}

/** How long a revocation takes that is complete when it is answered. */
export const revocation: Bench = {
  summary: 'receipts of revocations while four verifiers are as busy as they can be',
  run: () =>
    inScratchFolder(async (folder) => {
      releaseSelf();
      // PostgreSQL runs under another account where this runs as root.
      chmodSync(folder, 0o711);
      const postgres = await startPostgres(folder);
      try {
        return findingOf(await runRounds(postgres.url));
      } finally {
        await postgres.stop();
      }
    }),
};
