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
  async function flush(): Promise<void> {
    if (gathered.size === 0) return;
    const writing = gathered;
    gathered = new Map();
    try {
      await store.write(async (trx) => {
        for (const [keyId, usedAt] of writing) await recordUse(trx, keyId, usedAt);
      });
    } catch (error) {
      for (const [keyId, usedAt] of writing) if (!gathered.has(keyId)) gathered.set(keyId, usedAt);
      throw error;
    }
  }
  const timer = setInterval(() => {
    flush().catch(onError);
  }, flushIntervalMs).unref();
  return {
    touch: (keyId, usedAt) => gathered.set(keyId, usedAt),
    pending: (keyId) => gathered.get(keyId),
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
