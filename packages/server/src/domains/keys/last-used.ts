import type { Store } from '../../storage/index.ts';
import { recordUse } from './keys.sql.ts';

const flushIntervalMs = 5_000;

/**
 * When keys were last used, gathered in memory and written in one transaction every five seconds, so that using a
 * key costs no write. A crash loses at most the last five seconds of it.
 */
export interface LastUsed {
  touch(keyId: string, usedAt: number): void;
  /** The newest use known to this process that is not written yet. */
  pending(keyId: string): number | undefined;
  flush(): Promise<void>;
  /** Stops the timer and writes what is left. */
  close(): Promise<void>;
}

export function createLastUsed(store: Store, onError: (error: unknown) => void): LastUsed {
  let gathered = new Map<string, number>();
  let writing = new Map<string, number>();
  let lastFlush: Promise<void> = Promise.resolve();

  /** Forward only, as in the row: a clock that is set back must not take a use back. */
  function touch(keyId: string, usedAt: number): void {
    if (usedAt > (gathered.get(keyId) ?? Number.NEGATIVE_INFINITY)) gathered.set(keyId, usedAt);
  }

  async function writeDown(): Promise<void> {
    if (gathered.size === 0) return;
    [writing, gathered] = [gathered, new Map()];
    try {
      await store.write(async (trx) => {
        // In order of id: two servers that held each other's next row would wait for ever.
        for (const [keyId, usedAt] of [...writing].sort()) await recordUse(trx, keyId, usedAt);
      });
    } catch (error) {
      for (const [keyId, usedAt] of writing) touch(keyId, usedAt);
      throw error;
    } finally {
      writing = new Map();
    }
  }

  /** One after the other, so that closing also waits for what the timer has started. */
  function flush(): Promise<void> {
    lastFlush = lastFlush.then(writeDown, writeDown);
    return lastFlush;
  }

  const timer = setInterval(() => {
    flush().catch(onError);
  }, flushIntervalMs).unref();
  return {
    touch,
    pending: (keyId) => gathered.get(keyId) ?? writing.get(keyId),
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
