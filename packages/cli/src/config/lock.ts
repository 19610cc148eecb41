import { closeSync, linkSync, openSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { ConfigFileError } from './file.ts';

/** A holder works for milliseconds, or says every second that it still does: one this old was killed. */
const staleAfterMs = 10_000;
const stillHeldEveryMs = 1_000;
const giveUpAfterMs = 15_000;
/** Whoever holds a lock across requests gives up sooner than this. */
const giveUpWaitingAfterMs = 90_000;

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function acquire(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isStale(lock: string): boolean {
  const changedMs = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return changedMs !== undefined && Date.now() - changedMs > staleAfterMs;
}

/** Two that see the same stale lock must not remove each other's new one: a live lock is put back. */
function removeStale(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (!isStale(aside)) linkSync(aside, lock);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
  rmSync(aside, { force: true });
}

/** Takes the lock, or frees it of a holder that was killed; says whether it is taken. */
function takes(lock: string, startedMs: number, patienceMs: number): boolean {
  if (acquire(lock)) return true;
  if (performance.now() - startedMs > patienceMs)
    throw new ConfigFileError(`${lock} is held by another process.`);
  if (isStale(lock)) removeStale(lock);
  return false;
}

/**
 * Runs `work` while no other process runs under the same lock file. Blocks the thread, as it lasts milliseconds.
 *
 * @throws {ConfigFileError} when another process does not let go of it; whatever `work` throws.
 */
export function withLock<Result>(lock: string, work: () => Result): Result {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const startedMs = performance.now();
  while (!takes(lock, startedMs, giveUpAfterMs)) Atomics.wait(pause, 0, 0, 5);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A lock that was taken for stale is gone; what was begun under it cannot be undone. */
function touch(lock: string): void {
  const now = new Date();
  if (statSync(lock, { throwIfNoEntry: false }) !== undefined) utimesSync(lock, now, now);
}

/** As `withLock`, for work that waits for a server; does not block the thread. */
export async function withLongLock<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  const startedMs = performance.now();
  while (!takes(lock, startedMs, giveUpWaitingAfterMs)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const stillHeld = setInterval(() => touch(lock), stillHeldEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(stillHeld);
    rmSync(lock, { force: true });
  }
}
