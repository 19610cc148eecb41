import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Store, Writer } from './store.ts';

/** Over how much of the time a flush by the clock is spread: back to back, its transactions would hold up whoever waits for others. */
const spreadShare = 0.5;
/** SQLite answers nothing else meanwhile: some tenths of a millisecond for so many. */
const itemsPerTurn = 20;

/** What is gathered in memory, to be written down together. */
export interface Gathering<Item> {
  /** How often it is written down; a crash loses at most 1.7 times as much. */
  readonly everyMs: number;
  /** Others who write wait meanwhile, so a transaction should take no longer than some milliseconds. */
  readonly perTransaction: number;
  /** Hands over everything, in one order that all processes keep: two that held each other's next row would wait for ever. */
  take(): readonly Item[];
  /** Some of what was taken; may run again after a deadlock. */
  write(trx: Writer, items: readonly Item[]): Promise<void>;
  /** Told of what was committed. */
  onWritten?(items: readonly Item[]): void;
  /** Takes back what could not be written. */
  takeBack(items: readonly Item[]): void;
}

/** Writes down what is gathered, every few seconds and in groups. */
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
  const { everyMs, perTransaction } = gathering;
  let isClosing = false;
  let lastFlush: Promise<void> = Promise.resolve();

  /** One transaction, in several turns of the event loop. */
  async function writeTogether(group: readonly Item[]): Promise<void> {
    await store.write(async (trx) => {
      for (let at = 0; at < group.length; at += itemsPerTurn) {
        if (at > 0) await nextTurn();
        await gathering.write(trx, group.slice(at, at + itemsPerTurn));
      }
    });
  }

  async function writeDown(withinMs: number): Promise<void> {
    const items = gathering.take();
    const pauseMs = (withinMs * perTransaction) / Math.max(items.length, 1);
    for (let at = 0; at < items.length; at += perTransaction) {
      if (at > 0 && pauseMs >= 1 && !isClosing) await pause(pauseMs);
      const group = items.slice(at, at + perTransaction);
      try {
        await writeTogether(group);
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
    flush(everyMs * spreadShare).catch(onError);
  }, everyMs).unref();
  return {
    flush: () => flush(0),
    async close() {
      isClosing = true;
      clearInterval(timer);
      await flush(0);
    },
  };
}
