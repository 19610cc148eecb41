import type { Clock } from '../../platform/clock.ts';
import { countersOf, isSameLimits, type UseLimits, type UseRequest } from './counters.ts';
import type { Filled, Order } from './fill.ts';
import type { Unused } from './key-usage.sql.ts';
import { createLoans } from './loans.ts';
import { isEnded, isSameWindow, type Slice, sliceFrom, sliceOf, unusedOf } from './slice.ts';
import { tell, type UseVerdict } from './use-verdict.ts';

/** What nobody has used for so long is given back. */
const idleMs = 2_000;

/** Counts uses of keys that are counted `fast`. */
export interface Slices {
  /** Spends what is held; undefined where that is not enough. */
  spend(request: UseRequest): UseVerdict | undefined;
  /** Counts in the database, to which goes back what is held, and takes a slice ahead. */
  fetch(request: UseRequest): Promise<UseVerdict>;
  /** Lets go of what is held of a key; whoever calls it gives it back. */
  release(keyId: string): Unused[];
  /** Gives back what was not used for a while, or of windows that have ended. */
  returnIdle(): Promise<void>;
  /** Gives everything back, and takes nothing ahead any more. */
  close(): Promise<void>;
}

/** What slices work with. */
export interface SliceDeps {
  readonly clock: Clock;
  fill(order: Order): Promise<Filled>;
  /** Puts what came of an order into words. */
  answer(request: UseRequest, filled: Filled): UseVerdict;
  onError(error: unknown): void;
}

export function createSlices({ clock, fill, answer, onError }: SliceDeps): Slices {
  const slices = new Map<string, Slice>();
  const loans = createLoans();
  /** Keys for which a slice is under way: one at a time, so that no more than one is held. */
  const fetching = new Set<string>();
  const background = new Set<Promise<void>>();
  let isClosed = false;

  function inBackground(work: Promise<unknown>): void {
    const done: Promise<void> = work.then(() => undefined, onError).finally(() => background.delete(done));
    background.add(done);
  }

  async function giveUp(slice: Slice): Promise<void> {
    const unused = unusedOf(slice, clock.now());
    const counters = slice.states.map(({ counter }) => counter);
    if (unused.length > 0) await fill({ counters, cost: 0, ahead: 0, unused });
  }

  /** Puts what was taken to what is held, or in its place where that is of another window or limit. */
  function keep(limits: UseLimits, filled: Filled): Slice | undefined {
    const held = slices.get(limits.keyId);
    if (filled.ahead === 0) {
      if (held !== undefined) held.refillBelow = 0;
      return held;
    }
    const slice = sliceFrom(limits, filled, clock);
    slices.delete(limits.keyId);
    if (held !== undefined && isSameWindow(held, slice)) {
      slice.units += held.units;
      slice.usedAtElapsedMs = held.usedAtElapsedMs;
    } else if (held !== undefined) inBackground(giveUp(held));
    if (isClosed) {
      inBackground(giveUp(slice));
      return undefined;
    }
    slices.set(limits.keyId, slice);
    return slice;
  }

  function release(keyId: string): Unused[] {
    const held = slices.get(keyId);
    if (held === undefined) return [];
    slices.delete(keyId);
    return unusedOf(held, clock.now());
  }

  /** Of several fetches at once one takes a slice. */
  async function fetch(request: UseRequest): Promise<UseVerdict> {
    const { keyId, cost } = request;
    const unused = release(keyId);
    const counters = countersOf(request);
    const isFirst = !fetching.has(keyId) && !isClosed;
    if (isFirst) fetching.add(keyId);
    try {
      const filled = await fill({ counters, cost, ahead: isFirst ? sliceOf(counters) : 0, unused });
      const slice = isFirst ? keep(request, filled) : undefined;
      return lent(request, answer(request, filled), slice);
    } finally {
      if (isFirst) fetching.delete(keyId);
    }
  }

  /** Tops up what is held, so that those who come next need not wait either. */
  function refill(request: UseRequest, slice: Slice): void {
    const counters = countersOf(request);
    const ahead = sliceOf(counters) - slice.units;
    fetching.add(request.keyId);
    const refilled = fill({ counters, cost: 0, ahead, unused: [] }).then((filled) => keep(request, filled));
    inBackground(refilled.finally(() => fetching.delete(request.keyId)));
  }

  function lent(request: UseRequest, verdict: UseVerdict, slice: Slice | undefined): UseVerdict {
    const { keyId, verifier } = request;
    if (verifier === undefined || slice === undefined || verdict.code !== 'VALID') return verdict;
    return { ...verdict, ...loans.lend(keyId, verifier, slice, sliceOf(countersOf(request)), clock) };
  }

  function spend(request: UseRequest): UseVerdict | undefined {
    const { keyId, cost } = request;
    const slice = slices.get(keyId);
    if (slice === undefined || slice.units < cost) return undefined;
    const [now, elapsedMs] = [clock.now(), clock.elapsedMs()];
    if (isEnded(slice, now, elapsedMs) || !isSameLimits(slice.limits, request)) return undefined;
    slice.units -= cost;
    slice.usedAtElapsedMs = elapsedMs;
    if (slice.units < slice.refillBelow && !fetching.has(keyId) && !isClosed) refill(request, slice);
    return lent(request, tell('VALID', slice.told, slice.units, now), slice);
  }

  async function giveUpWhere(isDone: (slice: Slice) => boolean): Promise<void> {
    const done = [...slices].filter(([, slice]) => isDone(slice));
    for (const [keyId, slice] of done) {
      slices.delete(keyId);
      inBackground(giveUp(slice));
    }
    await Promise.all(background);
  }

  return {
    spend,
    fetch,
    release,
    async returnIdle() {
      loans.forgetEnded(clock);
      await Promise.all(background);
      const [now, elapsedMs] = [clock.now(), clock.elapsedMs()];
      await giveUpWhere(
        (slice) => slice.usedAtElapsedMs <= elapsedMs - idleMs || isEnded(slice, now, elapsedMs),
      );
    },
    async close() {
      isClosed = true;
      while (background.size > 0) await Promise.all(background);
      await giveUpWhere(() => true);
    },
  };
}
