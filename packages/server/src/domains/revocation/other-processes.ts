import { setTimeout as pauseFor } from 'node:timers/promises';
import { type Clock, toIso } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Store } from '../../storage/index.ts';
import { isOver, isWaitedFor, mayStrike, type Timing } from './revocation.rules.ts';
import {
  deleteProcess,
  type FoundProcess,
  findForgetful,
  findProcesses,
  holdOther,
} from './revocation.sql.ts';
import type { Holder } from './revocations.ts';

/** How often it is looked for confirmations, where they are announced and where they are not. */
const lookEveryMs = { announced: 250, silent: 20 };
/** How often it is looked at the clock. */
const tickMs = 25;
/** How long the answer waits for silent processes to be struck off: nothing rests on it. */
const maxStrikeMs = 1_000;

/** What waiting for other processes works with. */
export interface OtherProcessesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timing: Timing;
}

/** The other processes that may know what a change took away. */
export interface OtherProcesses {
  /** Looks again: a change was confirmed, or all of them may have been. */
  noticed(seq?: number): void;
  /**
   * Resolves when a change that is committed is over for all of them: each has confirmed it, or its lease has run out
   * by now. The database may be away meanwhile; then only time tells.
   */
  over(seq: number, ownId: string | undefined): Promise<readonly Holder[]>;
}

function holdersOf({ id, holders, confirmedAt }: FoundProcess, now: number): Holder[] {
  const at = toIso(confirmedAt ?? now);
  const behind = JSON.parse(holders ?? '[]') as Holder[];
  return [{ holder: id, kind: 'server', outcome: 'confirmed', at }, ...behind];
}

/** Resolves when it is so, or when that is of no interest any more. */
async function untilTrue(isSo: () => boolean, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !isSo()) await pauseFor(tickMs);
}

/** What is known so far of the others, for one change. */
interface Round {
  readonly seq: number;
  readonly ownId: string | undefined;
  readonly holders: Holder[];
  /** Unknown until the database has answered once. */
  missing: Set<string> | undefined;
}

export function createOtherProcesses({ store, clock, log, timing }: OtherProcessesDeps): OtherProcesses {
  const waiting = new Map<number, Set<() => void>>();
  const pauseMs = store.listen === undefined ? lookEveryMs.silent : lookEveryMs.announced;

  /** Comes with the next notice, or when it is time to look anyway. Taken before a look: one may come while it reads. */
  function nextNotice(seq: number): { readonly come: Promise<void>; readonly end: () => void } {
    const { promise: come, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, pauseMs);
    const callbacks = waiting.get(seq) ?? new Set();
    waiting.set(seq, callbacks.add(resolve));
    const end = () => {
      clearTimeout(timer);
      callbacks.delete(resolve);
      if (callbacks.size === 0 && waiting.get(seq) === callbacks) waiting.delete(seq);
    };
    return { come, end };
  }

  function ended(id: string): Holder {
    return { holder: id, kind: 'server', outcome: 'lease-ended', at: toIso(clock.now()) };
  }

  /** Of a process that was there and is not waited for any more. */
  async function whatBecameOf(id: string, found: FoundProcess | undefined): Promise<Holder[]> {
    if (found?.said === 'confirmed') return holdersOf(found, clock.now());
    const forgetful = await findForgetful(store.db, id);
    return forgetful === undefined ? [ended(id)] : holdersOf(forgetful, clock.now());
  }

  /** Whoever registers after the first look has read the counter after the commit. */
  async function look(round: Round): Promise<void> {
    const { seq, ownId, holders } = round;
    const found = new Map((await findProcesses(store.db, seq)).map((each) => [each.id, each]));
    round.missing ??= new Set(
      [...found.values()].filter((each) => each.registeredSeq < seq && each.id !== ownId).map(({ id }) => id),
    );
    for (const id of round.missing) {
      const other = found.get(id);
      if (other !== undefined && isWaitedFor(other, seq)) continue;
      holders.push(...(await whatBecameOf(id, other)));
      round.missing.delete(id);
    }
  }

  async function lookUntilNoneIsMissing(round: Round, limit: AbortSignal): Promise<void> {
    while (!limit.aborted) {
      const { come, end } = nextNotice(round.seq);
      try {
        await look(round);
      } catch (err) {
        log.warn({ err, seq: round.seq }, 'confirmations of a change cannot be read');
      }
      if (round.missing?.size !== 0) await come;
      end();
      if (round.missing?.size === 0) return;
    }
  }

  async function strikeAll({ seq, missing = new Set() }: Round, waitedMs: number): Promise<void> {
    for (const id of missing) {
      await store.write(async (trx) => {
        const other = await holdOther(trx, id, seq);
        if (other !== undefined && mayStrike(other, seq, waitedMs, timing)) await deleteProcess(trx, id);
      });
    }
  }

  async function over(seq: number, ownId: string | undefined): Promise<readonly Holder[]> {
    const startedAt = clock.elapsedMs();
    const round: Round = { seq, ownId, holders: [], missing: undefined };
    const limit = new AbortController();
    const isLate = () => isOver(clock.elapsedMs() - startedAt, timing);
    await Promise.race([lookUntilNoneIsMissing(round, limit.signal), untilTrue(isLate, limit.signal)]);
    limit.abort();
    const { missing, holders } = round;
    if (missing?.size === 0) return holders;
    const silent = [...(missing ?? ['unknown'])].map(ended);
    const striking = strikeAll(round, clock.elapsedMs() - startedAt).catch((err) =>
      log.warn({ err, seq }, 'a silent process stays listed'),
    );
    await Promise.race([striking, pauseFor(maxStrikeMs, undefined, { ref: false })]);
    return [...holders, ...silent];
  }

  return {
    noticed(seq) {
      const noticed = seq === undefined ? [...waiting.values()] : [waiting.get(seq) ?? []];
      for (const callbacks of noticed) for (const callback of callbacks) callback();
    },
    over,
  };
}
