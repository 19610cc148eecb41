import { createBoundedMap, type ErrorCode, LatchkeyError, type Marked } from '@latchkey/protocol';
import { type Clock, secondMs } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import type { Limit } from './limits.sql.ts';
import { refusal, spend } from './spend.ts';

/** Whoever comes from more addresses than this is counted in the database as before. */
const maxRemembered = 10_000;

interface Spent extends Marked {
  /** By the clock that is never set back. */
  readonly endsAtMs: number;
}

/** What is known in memory of limits that are spent, so that those whom they refuse cost the database nothing. */
export interface SpentLimits {
  /** How long a limit is known to stay spent; 0 where only the database knows. */
  leftMs(limit: Limit): number;
  /** Remembers that a limit is spent for so long. */
  note(limit: Limit, leftMs: number): void;
  /**
   * Counts one against each limit in one transaction, or throws the code of the first that is spent, as `spend` does;
   * without a transaction where that is known.
   */
  spendAll(
    store: Store,
    wanted: readonly { readonly limit: Limit; readonly code: ErrorCode }[],
  ): Promise<void>;
}

/** Forgets at a restart: the database still knows. */
export function createSpentLimits(clock: Clock): SpentLimits {
  const spent = createBoundedMap<Spent>(maxRemembered);

  function leftMs({ name }: Limit): number {
    return Math.max((spent.get(name)?.endsAtMs ?? 0) - clock.elapsedMs(), 0);
  }

  function note({ name, windowMs }: Limit, left: number): void {
    spent.set(name, { endsAtMs: clock.elapsedMs() + Math.min(left, windowMs), isUsed: false });
  }

  function noteRefusal(limit: Limit, error: unknown): void {
    const seconds = error instanceof LatchkeyError ? error.details?.retryInSeconds : undefined;
    if (typeof seconds === 'number') note(limit, seconds * secondMs);
  }

  return {
    leftMs,
    note,
    async spendAll(store, wanted) {
      const now = clock.now();
      for (const { limit, code } of wanted) {
        const left = leftMs(limit);
        if (left > 0) throw refusal(code, now + left, now, limit);
      }
      await store.write(async (trx) => {
        for (const { limit, code } of wanted) {
          await spend(trx, limit, now, code).catch((error: unknown) => {
            noteRefusal(limit, error);
            throw error;
          });
        }
      });
    },
  };
}
