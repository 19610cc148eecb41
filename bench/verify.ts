import { installOwnFolder } from '../tools/own-folder.ts';
import type { Bench, Comparison, Finding } from './finding.ts';
import { flushMicroseconds } from './machine.ts';
import { projectPath } from './project-path.ts';
import { measureRounds } from './rounds.ts';
import { inScratchFolder } from './scratch.ts';
import { weighKeys } from './verify-own.ts';
import { manyKeys, startAll } from './verify-stage.ts';
import { limits, method } from './verify-text.ts';
import { names, variantsOf } from './verify-variants.ts';

const rounds = 11;
const warmUpRounds = 5;

const comparisons: readonly Comparison[] = [
  { of: names.sdk, to: names.map, aim: { atLeast: 0.3 } },
  { of: names.sdk, to: names.betterAuthInProcess, aim: { atLeast: 300 } },
  { of: names.sdk, to: names.betterAuthLimitedInProcess },
  { of: names.latchkey, to: names.bare, aim: { atLeast: 0.85 } },
  { of: names.latchkey, to: names.betterAuth, aim: { atLeast: 20 } },
  { of: names.limited, to: names.betterAuthLimited, aim: { atLeast: 20 } },
  { of: names.exact, to: names.betterAuthLimited },
  { of: names.latchkey, to: names.oidc },
  { of: names.many, to: names.latchkey, aim: { atLeast: 0.9 } },
  { of: names.cold, to: names.read, aim: { atLeast: 0.5 } },
  { of: names.cold, to: names.digestAndRead },
];

async function measureIn(folder: string): Promise<Finding> {
  installOwnFolder(projectPath('bench/peers'), '--ignore-scripts');
  const stage = await startAll(folder);
  const flush = flushMicroseconds(folder);
  const weights = await weighKeys(folder, stage.many, manyKeys);
  const measured = await measureRounds(variantsOf(stage), { rounds, warmUpRounds });
  for (const server of Object.values(stage).reverse()) await server.stop();
  return {
    method,
    unit: 'per second',
    measured,
    comparisons,
    facts: {
      'Memory per remembered key, heap': `server ${weights.server.toFixed(0)} bytes, SDK ${weights.sdk.toFixed(0)} bytes`,
      'Flush of 4 KiB to this disk (fdatasync)': `median ${flush.toFixed(0)} µs`,
    },
    limits,
  };
}

/** Verification over HTTP and in process, against those who do the same and against the least that can be done. */
export const verify: Bench = {
  summary: 'verification over HTTP and in process against Better Auth, oidc-provider, bare Fastify and a map',
  run: () => inScratchFolder(measureIn),
};
