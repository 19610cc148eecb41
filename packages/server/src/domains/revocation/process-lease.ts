import { setTimeout as pause } from 'node:timers/promises';
import { type Moment, passedMs } from '@latchkey/protocol';
import { type Clock, momentOf } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { Store } from '../../storage/index.ts';
import { announceConfirmation } from './announcements.ts';
import type { Confirmer } from './confirmer.ts';
import type { Ledger } from './ledger.ts';
import { carriesLease, isLive, type Standing, type Timing } from './revocation.rules.ts';
import {
  type Confirmation,
  deleteProcess,
  holdProcess,
  putConfirmation,
  readCounter,
  readStanding,
  registerProcess,
} from './revocation.sql.ts';

const renewEveryMs = 1_000;
/** One that hangs must not keep the next from trying. */
const maxRenewalsAtOnce = 3;
/** After how long what the database does not answer is given up: a connection may hang for minutes. */
const giveUpMs = 2_000;
/** How long nobody tries again where a lease could not be had. */
const backOffMs = 250;

/** What the lease of this process works with. */
export interface ProcessLeaseDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timing: Timing;
  readonly ledger: Ledger;
  readonly confirmer: Confirmer;
  /** Forgets everything. */
  forgetAll(): void;
}

/** Until when this process may answer from memory, and the row by which the others know that it might. */
export interface ProcessLease {
  isLeased(): boolean;
  /** The end of the lease by the steady clock; in the past where there is none. */
  endsAt(): number;
  lease(): Promise<boolean>;
  /** Reads where things stand, as the timer does. */
  renew(): Promise<void>;
  /** The same, at once; says whether everything is applied now that was committed before. */
  catchUp(): Promise<boolean>;
  /** Takes back the lease: what it rests on is not so any more. */
  drop(): void;
  /** Writes down what there is to confirm. */
  confirm(): Promise<void>;
  /** The id of its row while it has one, or is about to. */
  registration(): string | undefined;
  /** Answers nothing from memory from now on. */
  end(): void;
  /** Takes the row out; by now nobody behind this process may rely on its memory. */
  release(): Promise<void>;
}

/** Resolves with the promise, or when it has taken too long. */
async function atMost<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  const giveUp = new AbortController();
  try {
    return await Promise.race([promise, pause(giveUpMs, undefined, { signal: giveUp.signal })]);
  } finally {
    giveUp.abort();
  }
}

/** A process takes part from the first time that it wants a lease; until then nobody waits for it. */
export function createProcessLease(deps: ProcessLeaseDeps): ProcessLease {
  const { store, clock, log, ledger, confirmer } = deps;
  let registration: string | undefined;
  /** The row may be there before this process knows. */
  let registering: string | undefined;
  let since: Moment | undefined;
  let acquiring: Promise<boolean> | undefined;
  let isBackingOff = false;
  let isEnded = false;
  let underWay = 0;
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function isLeased(): boolean {
    return since !== undefined && !isEnded && isLive(since, momentOf(clock), deps.timing);
  }

  /** Whichever clock says it is further: what is given on must not outlast the lease of a machine that was suspended. */
  function endsAt(): number {
    if (since === undefined || !isLeased()) return Number.NEGATIVE_INFINITY;
    const now = momentOf(clock);
    return now.elapsedMs + deps.timing.leaseMs - passedMs(since, now);
  }

  async function register(): Promise<void> {
    const id = deps.random.uuid();
    registering = id;
    await store.write((trx) => registerProcess(trx, id, clock.now()));
    registration = id;
    registering = undefined;
    timer ??= setInterval(() => void tick(), renewEveryMs).unref();
  }

  /** Whoever was struck off knows nothing any more, and begins anew. */
  function lose(id: string): void {
    if (registration !== id) return;
    registration = undefined;
    since = undefined;
    deps.forgetAll();
    ledger.stop();
    void lease();
  }

  async function put(collect: () => readonly Confirmation[]): Promise<void> {
    const [id, confirmations] = [registration, collect()];
    if (id === undefined || confirmations.length === 0) return;
    const isHeld = await store.write(async (trx) => {
      if (!(await holdProcess(trx, id))) return false;
      const appliedBefore = ledger.applied();
      if (ledger.meet(await readCounter(trx), appliedBefore)) return true;
      for (const confirmation of confirmations) {
        await putConfirmation(trx, id, confirmation);
        if (confirmation.confirmedAt !== null) await announceConfirmation(store, trx, confirmation.seq);
      }
      return true;
    });
    if (isHeld) confirmer.said(confirmations);
    else lose(id);
  }

  /** One after the other, so that what comes while one is written goes together into the next. */
  function write(collect: () => readonly Confirmation[]): Promise<void> {
    writing = atMost(writing.catch(() => {})).then(() => put(collect));
    return writing;
  }

  function take(sentAt: Moment): void {
    if (since === undefined || sentAt.elapsedMs > since.elapsedMs) since = sentAt;
  }

  /** Applies what was read; says whether that carries a lease. */
  async function follow(standing: Standing, appliedBefore: number): Promise<boolean> {
    if (ledger.isStarted()) ledger.meet(standing, appliedBefore);
    else {
      deps.forgetAll();
      ledger.start(standing);
    }
    const turns = ledger.turns();
    await ledger.reach(standing);
    await write(() => [...confirmer.toConfirm(), ...confirmer.toAdmit()]);
    return ledger.turns() === turns && carriesLease(standing, ledger.applied(), confirmer.untold());
  }

  async function renew(): Promise<boolean> {
    const id = registration;
    if (id === undefined || isEnded) return false;
    // Not when the answer comes: what it says may be as old as the question.
    const sentAt = momentOf(clock);
    const [turns, appliedBefore] = [ledger.turns(), ledger.applied()];
    const standing = await readStanding(store.db, id);
    if (ledger.turns() !== turns) return false;
    if (!standing.isRegistered) {
      lose(id);
      return false;
    }
    const isCarried = (await follow(standing, appliedBefore)) && registration === id;
    if (isCarried) take(sentAt);
    return isCarried;
  }

  async function tick(): Promise<void> {
    if (underWay >= maxRenewalsAtOnce) return;
    underWay += 1;
    const wasLeased = isLeased();
    await (registration === undefined ? lease() : renew()).catch((err) => {
      if (wasLeased) log.warn({ err }, 'the lease on what is in memory could not be renewed');
    });
    underWay -= 1;
  }

  async function acquire(): Promise<boolean> {
    try {
      await atMost(registration === undefined ? register().then(renew) : renew());
    } catch (err) {
      log.warn({ err }, 'no lease on what is in memory could be had');
    }
    if (!isLeased()) {
      isBackingOff = true;
      setTimeout(() => {
        isBackingOff = false;
      }, backOffMs).unref();
    }
    return isLeased();
  }

  async function lease(): Promise<boolean> {
    if (isLeased()) return true;
    if (isEnded || isBackingOff) return false;
    acquiring ??= acquire().finally(() => {
      acquiring = undefined;
    });
    return acquiring;
  }

  return {
    isLeased,
    endsAt,
    lease,
    renew: tick,
    catchUp: () => renew().catch(() => false),
    drop() {
      since = undefined;
    },
    confirm: () => write(confirmer.toConfirm),
    registration: () => registration ?? registering,
    end() {
      isEnded = true;
      clearInterval(timer);
    },
    async release() {
      await acquiring;
      await atMost(writing.catch(() => {}));
      const id = registration;
      registration = undefined;
      ledger.stop();
      if (id !== undefined) await atMost(store.write((trx) => deleteProcess(trx, id)));
    },
  };
}
