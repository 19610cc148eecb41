import { isElsewhere, type Position, placeOf } from './revocation.rules.ts';
import type { ChangedKey } from './revocations.ts';

/** How long a change is waited for when a later one is known. */
const graceMs = 100;
/** How many changes are remembered, for verifiers that have not heard of them yet. */
const maxRemembered = 1_000;

interface LedgerChange extends Position {
  /** `all` where nobody knows any more which they were. */
  readonly keys: readonly ChangedKey[] | 'all';
  /** Made by this process, which waits for itself. */
  readonly isOwn: boolean;
}

/** A change as this process hears of it. */
export interface HeardChange extends LedgerChange {
  /** The mark of the one before. */
  readonly after: string;
}

/** A change at the moment when it is applied. */
export interface AppliedChange extends LedgerChange {
  /** The lowest number that it stands for; lower than `seq` where changes were missed. */
  readonly from: number;
}

/** Brings changes in order, however they come: by notification, from this process itself, or as a mere number. */
export interface Ledger {
  isStarted(): boolean;
  /** The number up to which everything is applied. */
  applied(): number;
  position(): Position;
  /** Begins with nothing in memory, when the counter was at this position or further. */
  start(at: Position): void;
  /** Ends with nothing in memory. */
  stop(): void;
  /** Hands in a committed change; one that is known is ignored. */
  take(change: HeardChange): void;
  /** Resolves when everything up to a position is applied, which was committed: if need be by forgetting all. */
  reach(to: Position): Promise<void>;
  /**
   * Compares with where the counter was found by a reading that began when `appliedBefore` was applied. Where the
   * database was set back, everything is forgotten, what was applied counts for nothing, and `true` is answered.
   */
  meet(found: Position, appliedBefore: number): boolean;
  /** How often it was stopped or the database was found set back: what was read before means nothing after. */
  turns(): number;
  /** The changes after a position, or after a number of this process; undefined where it is not remembered, or was never passed. */
  since(position: Pick<Position, 'seq'> & Partial<Position>): readonly AppliedChange[] | undefined;
}

/** What a ledger tells. */
export interface LedgerEvents {
  /** For each change in turn, before it counts as applied. */
  apply(change: AppliedChange): void;
  /** Some were never heard of. */
  onGap(): void;
  /** All that was said of numbers means others now; what is applied next forgets everything. */
  onTurn(): void;
}

const beginning: Position = { seq: 0, mark: '' };

/** What is told in another order than it was committed in waits a moment for what comes before it. */
export function createLedger({ apply, onGap, onTurn }: LedgerEvents): Ledger {
  const early = new Map<number, HeardChange>();
  let remembered: AppliedChange[] = [];
  let waiting: { readonly seq: number; readonly resolve: () => void }[] = [];
  let isStarted = false;
  let applied = beginning;
  /** The furthest that is known to be committed. */
  let known = beginning;
  let turns = 0;
  let grace: NodeJS.Timeout | undefined;

  function learn({ seq, mark }: Position): void {
    if (seq > known.seq) known = { seq, mark };
  }

  function wake(isReached: (seq: number) => boolean): void {
    const reached = waiting.filter(({ seq }) => isReached(seq));
    waiting = waiting.filter((each) => !reached.includes(each));
    for (const { resolve } of reached) resolve();
  }

  function put(change: AppliedChange): void {
    apply(change);
    applied = { seq: change.seq, mark: change.mark };
    learn(applied);
    remembered.push(change);
    if (remembered.length > maxRemembered) remembered.shift();
  }

  function endGrace(): void {
    clearTimeout(grace);
    grace = undefined;
  }

  function drop(): void {
    turns += 1;
    remembered = [];
    early.clear();
    endGrace();
  }

  /** Nothing that was numbered before is waited for any more: the database does not know of it. */
  function turnTo(at: Position): void {
    drop();
    known = at;
    onTurn();
    put({ ...at, from: 0, keys: 'all', isOwn: false });
    wake(() => true);
  }

  function markAt(seq: number): string | undefined {
    return remembered.findLast((change) => change.seq === seq)?.mark;
  }

  /** What has not come by now is given up, and with it everything that is in memory. */
  function jump(): void {
    grace = undefined;
    if (!isStarted || applied.seq >= known.seq) return;
    early.clear();
    put({ ...known, from: applied.seq + 1, keys: 'all', isOwn: false });
    wake((seq) => seq <= applied.seq);
    onGap();
  }

  /** After a turn of the event loop: while it was held up, what is waited for may have come unread. */
  function beginGrace(): void {
    grace = setTimeout(() => setImmediate(jump), graceMs).unref();
  }

  function advance(): void {
    for (let next = early.get(applied.seq + 1); next !== undefined; next = early.get(applied.seq + 1)) {
      const { after, ...change } = next;
      endGrace();
      early.delete(next.seq);
      if (after !== applied.mark) turnTo({ seq: next.seq - 1, mark: after });
      put({ ...change, from: next.seq });
    }
    wake((seq) => seq <= applied.seq);
    if (applied.seq >= known.seq) endGrace();
    else if (grace === undefined) beginGrace();
  }

  return {
    isStarted: () => isStarted,
    applied: () => applied.seq,
    position: () => applied,
    start(at) {
      isStarted = true;
      // Nothing is in memory, so that what was heard of meanwhile is as good as applied.
      learn(at);
      applied = known;
      remembered = [{ ...applied, from: 0, keys: 'all', isOwn: false }];
    },
    stop() {
      isStarted = false;
      applied = beginning;
      known = beginning;
      drop();
      wake(() => true);
    },
    take(change) {
      if (isStarted && placeOf(change.seq, applied.seq) === 'known') {
        if ((markAt(change.seq) ?? change.mark) === change.mark) return;
        turnTo({ seq: change.seq - 1, mark: change.after });
      }
      learn(change);
      if (!isStarted) return;
      early.set(change.seq, change);
      advance();
    },
    async reach(to) {
      if (!isStarted || to.seq <= applied.seq) return;
      learn(to);
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ seq: to.seq, resolve });
      advance();
      await promise;
    },
    meet(found, appliedBefore) {
      if (!isStarted || !isElsewhere(found, appliedBefore, markAt(found.seq))) return false;
      turnTo(found);
      return true;
    },
    turns: () => turns,
    since({ seq, mark }) {
      const index = remembered.findLastIndex(
        (change) => change.seq === seq && change.mark === (mark ?? change.mark),
      );
      return index === -1 ? undefined : remembered.slice(index + 1);
    },
  };
}
