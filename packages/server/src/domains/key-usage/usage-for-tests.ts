import type { Counting, KeyBudget, KeyLimit } from '@latchkey/protocol';
import { createTestClock, type OpenStore, type TestClock } from '@latchkey/testkit';
import { createLogger } from '../../platform/logger.ts';
import { migrate, openPostgres, openSqlite, type Store } from '../../storage/index.ts';
import type { UseRequest } from './counters.ts';
import { createKeyUsage, type KeyUsage } from './key-usage.ts';
import type { UseVerdict } from './use-verdict.ts';

/** Tests only: several processes that count on one database, by one clock that stands still until it is moved. */
export interface Counters {
  readonly clock: TestClock;
  /** One store for each process. */
  readonly stores: readonly Store[];
  readonly processes: readonly KeyUsage[];
  /** What went wrong in the background. */
  readonly errors: unknown[];
  close(): Promise<void>;
}

export async function startCounters(open: OpenStore, count = 1): Promise<Counters> {
  const { dataDir, databaseUrl } = await open();
  const clock = createTestClock();
  const errors: unknown[] = [];
  const stores = Array.from({ length: count }, () =>
    databaseUrl ? openPostgres(databaseUrl, createLogger('silent')) : openSqlite(dataDir),
  );
  for (const store of stores) await migrate(store);
  const processes = stores.map((store) => createKeyUsage({ store, clock }, (error) => errors.push(error)));
  return {
    clock,
    stores,
    processes,
    errors,
    async close() {
      for (const usage of processes) await usage.close();
      for (const store of stores) await store.close();
    },
  };
}

export function limitOf(requests: number, windowSeconds: number, counting: Counting = 'exact'): KeyLimit {
  return { requests, windowSeconds, counting };
}

export function budgetOf(total: number, counting: Counting = 'exact'): KeyBudget {
  return { total, counting };
}

let keys = 0;

/** A use of a key that nobody has used before; spread it to use the same key again. */
export function useOf(wanted: Partial<UseRequest>): UseRequest {
  keys += 1;
  return { keyId: `key-${keys}`, limits: null, budget: null, cost: 1, ...wanted };
}

/** How often each verdict was given. */
export function tally(verdicts: readonly UseVerdict[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of verdicts) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
