import { setTimeout as pause } from 'node:timers/promises';
import type { Store, Writer } from './store.ts';

const flushIntervalMs = 3_000;
/** Over how long a flush by the clock is spread: back to back, its transactions would hold up whoever waits for others. */
const spreadMs = 1_500;

/** What is gathered in memory, to be written down together. */
export interface Gathering<Item> {
  /** SQLite answers nothing else meanwhile, so a transaction should take no longer than about a millisecond. */
  readonly perTransaction: number;
  /** Hands over everything, in one order that all processes keep: two that held each other's next row would wait for ever. */
  take(): readonly Item[];
  /** May run again after a deadlock. */
  write(trx: Writer, items: readonly Item[]): Promise<void>;
  /** Told of what was committed. */
  onWritten?(items: readonly Item[]): void;
  /** Takes back what could not be written. */
  takeBack(items: readonly Item[]): void;
}

/** Writes down what is gathered, every few seconds and in groups. A crash loses at most the last five seconds of it. */
export interface WriteBehind {
  flush(): Promise<void>;
  /** Stops the timer and writes what is left. */
  close(): Promise<void>;
}

/** `onError` is told of what the timer could not write; it is tried again. */
export function createWriteBehind<Item>(
  store: Pick<Store, 'write'>,
  gathering: Gathering<Item>,
  onError: (error: unknown) => void,
): WriteBehind {
  const { perTransaction } = gathering;
  let isClosing = false;
  let lastFlush: Promise<void> = Promise.resolve();

  async function writeDown(withinMs: number): Promise<void> {
    const items = gathering.take();
    const pauseMs = (withinMs * perTransaction) / Math.max(items.length, 1);
    for (let at = 0; at < items.length; at += perTransaction) {
      if (at > 0 && pauseMs >= 1 && !isClosing) await pause(pauseMs);
      const group = items.slice(at, at + perTransaction);
      try {
        await store.write((trx) => gathering.write(trx, group));
      } catch (error) {
        gathering.takeBack(items.slice(at));
        throw error;
      }
      gathering.onWritten?.(group);
    }
  }

  /** One after the other, so that closing also waits for what the timer has started. */
  function flush(withinMs: number): Promise<void> {
    const next = () => writeDown(withinMs);
    lastFlush = lastFlush.then(next, next);
    return lastFlush;
  }

  const timer = setInterval(() => {
    flush(spreadMs).catch(onError);
  }, flushIntervalMs).unref();
  return {
    flush: () => flush(0),
    async close() {
      isClosing = true;
      clearInterval(timer);
      await flush(0);
    },
  };
}
