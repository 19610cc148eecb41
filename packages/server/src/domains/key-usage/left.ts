import type { Reader } from '../../storage/index.ts';
import { countersOf, nameOf, type UseLimits, wholeLife } from './counters.ts';
import { readCounters } from './key-usage.sql.ts';

/** What is left of a limit or a budget; what processes have taken ahead of need counts as used. */
interface Left {
  readonly used: number;
  readonly remaining: number;
}

/** What is left of what a key is bound to. `endsAt` is when a window ends, Unix milliseconds; null where none has begun. */
export interface LeftUses {
  readonly limits: readonly (Left & {
    readonly windowSeconds: number;
    readonly limit: number;
    readonly endsAt: number | null;
  })[];
  readonly budget: (Left & { readonly total: number }) | null;
}

/** Looks how much of its limits and its budget a key has left, and takes nothing. Expects limits as they stand in its row. */
export async function leftOf(db: Reader, key: UseLimits, now: number): Promise<LeftUses> {
  const counters = countersOf(key);
  if (counters.length === 0) return { limits: [], budget: null };
  const rows = await readCounters(db, [key.keyId], now);
  const all = counters.map(({ allowed, ...counter }) => {
    const { used = 0, endsAt = null } = rows.get(nameOf(counter)) ?? {};
    const { windowSeconds } = counter;
    return { windowSeconds, limit: allowed, used, remaining: Math.max(allowed - used, 0), endsAt };
  });
  const budget = all.find(({ windowSeconds }) => windowSeconds === wholeLife);
  return {
    limits: all.filter((each) => each !== budget),
    budget:
      budget === undefined ? null : { total: budget.limit, used: budget.used, remaining: budget.remaining },
  };
}
