import { placeOf } from './revocation.rules.ts';
import type { ChangedKey } from './revocations.ts';

/** How long a change is waited for when a later one is known. */
const graceMs = 100;
/** How many changes are remembered, for verifiers that have not heard of them yet. */
const maxRemembered = 1_000;

/** A change as this process hears of it. */
export interface HeardChange {
  readonly seq: number;
  /** `all` where nobody knows any more which they were. */
  readonly keys: readonly ChangedKey[] | 'all';
  /** Made by this process, which waits for itself. */
  readonly isOwn: boolean;
}

/** A change at the moment when it is applied. */
export interface AppliedChange extends HeardChange {
  /** The lowest number that it stands for; lower than `seq` where changes were missed. */
  readonly from: number;
}

/** Brings changes in order, however they come: by notification, from this process itself, or as a mere number. */
export interface Ledger {
  isStarted(): boolean;
  /** The number up to which everything is applied. */
  applied(): number;
  /** Begins with nothing in memory, when the counter was at `seq` or higher. */
  start(seq: number): void;
  /** Ends with nothing in memory. */
  stop(): void;
  /** Hands in a committed change; one that is known is ignored. */
  take(change: HeardChange): void;
  /** Resolves when everything up to `seq` is applied, which was committed: if need be by forgetting all. */
  reach(seq: number): Promise<void>;
  /** The changes after a number; undefined where they are not remembered. */
  since(seq: number): readonly AppliedChange[] | undefined;
}

/**
 * `apply` is called for each change in turn, before it counts as applied; `onGap` when some were never heard of. What
 * is told in another order than it was committed in waits a moment for what comes before it.
 */
export function createLedger(apply: (change: AppliedChange) => void, onGap: () => void): Ledger {
  const early = new Map<number, HeardChange>();
  let remembered: AppliedChange[] = [];
  let waiting: { readonly seq: number; readonly resolve: () => void }[] = [];
  let isStarted = false;
  let applied = 0;
  /** The highest number that is known to be committed. */
  let known = 0;
  let grace: NodeJS.Timeout | undefined;

  function wake(): void {
    const reached = waiting.filter(({ seq }) => seq <= applied || !isStarted);
    waiting = waiting.filter((each) => !reached.includes(each));
    for (const { resolve } of reached) resolve();
  }

  function put(change: AppliedChange): void {
    apply(change);
    applied = change.seq;
    remembered.push(change);
    if (remembered.length > maxRemembered) remembered.shift();
  }

  function endGrace(): void {
    clearTimeout(grace);
    grace = undefined;
  }

  /** What has not come by now is given up, and with it everything that is in memory. */
  function jump(): void {
    grace = undefined;
    if (!isStarted || applied >= known) return;
    early.clear();
    put({ seq: known, from: applied + 1, keys: 'all', isOwn: false });
    wake();
    onGap();
  }

  /** After a turn of the event loop: while it was held up, what is waited for may have come unread. */
  function beginGrace(): void {
    grace = setTimeout(() => setImmediate(jump), graceMs).unref();
  }

  function advance(): void {
    for (let next = early.get(applied + 1); next !== undefined; next = early.get(applied + 1)) {
      endGrace();
      early.delete(next.seq);
      put({ ...next, from: next.seq });
    }
    wake();
    if (applied >= known) endGrace();
    else if (grace === undefined) beginGrace();
  }

  function begin(seq: number): void {
    isStarted = true;
    // Nothing is in memory, so that what was heard of meanwhile is as good as applied.
    known = Math.max(known, seq);
    applied = known;
  }

  function stop(): void {
    isStarted = false;
    remembered = [];
    early.clear();
    endGrace();
    wake();
  }

  return {
    isStarted: () => isStarted,
    applied: () => applied,
    start: begin,
    stop,
    take(change) {
      if (placeOf(change.seq, applied) === 'known') return;
      known = Math.max(known, change.seq);
      if (!isStarted) return;
      early.set(change.seq, change);
      advance();
    },
    async reach(seq) {
      if (!isStarted || seq <= applied) return;
      known = Math.max(known, seq);
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ seq, resolve });
      advance();
      await promise;
    },
    since(seq) {
      const [oldest] = remembered;
      if (!isStarted || seq > applied) return [];
      if (seq === applied) return [];
      if (oldest === undefined || oldest.from > seq + 1) return undefined;
      return remembered.filter((change) => change.seq > seq);
    },
  };
}
