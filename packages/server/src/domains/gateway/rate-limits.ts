import { LatchkeyError, type RateLimit } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import type { Writer } from '../../storage/index.ts';
import { countOne, type Limit, uncountOne, windowOf } from '../limits/index.ts';

/** A rate limit that somebody has set, and whose it is. */
export interface NamedLimit extends Limit {
  readonly kind: 'key' | 'instance';
}

const called = { key: 'key', instance: 'process instance' } as const;

/** What is left of a limit. */
export interface LimitState {
  readonly limit: NamedLimit;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** The limit of a key or an instance; none where none is set. */
export function namedLimit(kind: NamedLimit['kind'], id: string, rate: RateLimit | null): NamedLimit[] {
  if (rate === null) return [];
  const { requests, windowSeconds } = rate;
  return [{ kind, name: `trigger:${kind}:${id}`, limit: requests, windowMs: windowSeconds * secondMs }];
}

async function stateOf(trx: Writer, limit: NamedLimit, now: number): Promise<LimitState> {
  const window = await windowOf(trx, limit.name);
  const leftMs = Math.min(Math.max((window?.endsAt ?? now) - now, 0), limit.windowMs);
  return {
    limit,
    remaining: Math.max(limit.limit - (window?.count ?? 0), 0),
    resetSeconds: Math.ceil(leftMs / secondMs),
  };
}

function refusal({ limit, resetSeconds }: LimitState): LatchkeyError {
  const { kind, limit: requests, windowMs } = limit;
  const retryInSeconds = Math.max(resetSeconds, 1);
  return new LatchkeyError('RATE_LIMITED', {
    details: { retryInSeconds, what: called[kind], requests, windowSeconds: windowMs / secondMs },
  });
}

/** Takes back what was counted for something that does not happen after all. */
async function giveBackAll(trx: Writer, limits: readonly NamedLimit[]): Promise<void> {
  for (const { name } of limits) await uncountOne(trx, name);
}

/** What came of counting: refused by the first limit that is spent, and then nothing was counted. */
export type Spent = { readonly states: readonly LimitState[]; readonly error?: LatchkeyError };

/** Counts one against each limit, or against none of them. Exact for any number of callers and processes. */
export async function spendAll(trx: Writer, limits: readonly NamedLimit[], now: number): Promise<Spent> {
  for (const [index, limit] of limits.entries()) {
    if (await countOne(trx, limit, now)) continue;
    await giveBackAll(trx, limits.slice(0, index));
    const state = await stateOf(trx, limit, now);
    return { states: [state], error: refusal(state) };
  }
  const states: LimitState[] = [];
  for (const limit of limits) states.push(await stateOf(trx, limit, now));
  return { states };
}
