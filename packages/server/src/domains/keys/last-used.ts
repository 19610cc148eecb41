import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../storage/index.ts';
import { prepareRecordUse, type Use } from './keys.sql.ts';

const flushIntervalMs = 3_000;
/** Over how long a flush by the clock is spread: back to back, its transactions would hold up whoever verifies meanwhile. */
const spreadMs = 1_500;
/** SQLite answers nothing else meanwhile: about a millisecond for so many rows, and not 100 for 10,000. */
const keysPerTransaction = 100;

/**
 * When keys were last used, gathered in memory and written down together every three seconds, so that using a
 * key costs no write. A crash loses at most the last five seconds of it.
 */
export interface LastUsed {
  /** `origin` says where the use came from; kept of environment keys only. */
  touch(keyId: string, usedAt: number, origin?: Omit<Use, 'at'>): void;
  /** The newest use known to this process that is not written yet. */
  pending(keyId: string): number | undefined;
  /** The same with where it came from. */
  pendingUse(keyId: string): Use | undefined;
  flush(): Promise<void>;
  /** Stops the timer and writes what is left. */
  close(): Promise<void>;
}

/** A use that a later one may take the place of. */
type Gathered = { -readonly [Name in keyof Use]: Use[Name] };

export function createLastUsed(store: Store, onError: (error: unknown) => void): LastUsed {
  const recordUse = prepareRecordUse(store.db);
  let gathered = new Map<string, Gathered>();
  let writing = new Map<string, Use>();
  let isClosing = false;
  let lastFlush: Promise<void> = Promise.resolve();

  /** Forward only, as in the row: a clock that is set back must not take a use back. */
  function gather(keyId: string, use: Use): void {
    if (use.at > (gathered.get(keyId)?.at ?? Number.NEGATIVE_INFINITY)) gathered.set(keyId, { ...use });
  }

  /** Most uses say no more than when they were, and there are far more of them than keys. */
  function touch(keyId: string, usedAt: number, origin?: Omit<Use, 'at'>): void {
    const known = gathered.get(keyId);
    if (
      known === undefined ||
      origin !== undefined ||
      known.address !== undefined ||
      known.client !== undefined
    ) {
      gather(keyId, { at: usedAt, ...origin });
    } else if (usedAt > known.at) {
      known.at = usedAt;
    }
  }

  function pendingUse(keyId: string): Use | undefined {
    return gathered.get(keyId) ?? writing.get(keyId);
  }

  async function writeTogether(uses: readonly (readonly [string, Use])[]): Promise<void> {
    await store.write(async (trx) => {
      for (const [keyId, use] of uses) await recordUse(trx, keyId, use);
    });
    for (const [keyId] of uses) writing.delete(keyId);
  }

  async function writeDown(withinMs: number): Promise<void> {
    [writing, gathered] = [gathered, new Map()];
    // In order of id: two servers that held each other's next row would wait for ever.
    const inOrder = [...writing].sort(([one], [other]) => (one < other ? -1 : 1));
    const pauseMs = (withinMs * keysPerTransaction) / Math.max(inOrder.length, 1);
    try {
      for (let at = 0; at < inOrder.length; at += keysPerTransaction) {
        if (at > 0 && pauseMs >= 1 && !isClosing) await pause(pauseMs);
        await writeTogether(inOrder.slice(at, at + keysPerTransaction));
      }
    } catch (error) {
      for (const [keyId, use] of writing) gather(keyId, use);
      throw error;
    } finally {
      writing = new Map();
    }
  }

  /** One after the other, so that closing also waits for what the timer has started. */
  function flush(withinMs = 0): Promise<void> {
    const next = () => writeDown(withinMs);
    lastFlush = lastFlush.then(next, next);
    return lastFlush;
  }

  const timer = setInterval(() => {
    flush(spreadMs).catch(onError);
  }, flushIntervalMs).unref();
  return {
    touch,
    pending: (keyId) => pendingUse(keyId)?.at,
    pendingUse,
    flush: () => flush(),
    async close() {
      isClosing = true;
      clearInterval(timer);
      await flush();
    },
  };
}
