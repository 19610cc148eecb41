import type { Writer } from '../../storage/index.ts';
import { type Counter, type CounterState, endOf, nameOf } from './counters.ts';
import {
  type CounterRow,
  type Demand,
  giveBack,
  holdCounters,
  readCounters,
  takeUnits,
  type Unused,
} from './key-usage.sql.ts';

/** What one caller wants of the counters of a key: all of it from each, or nothing. */
export interface Order {
  /** At least one, each of the same key. */
  readonly counters: readonly Counter[];
  readonly cost: number;
  /** How many more are wanted to be spent later, if there are enough. */
  readonly ahead: number;
  /** Given back before anything is taken. */
  readonly unused: readonly Unused[];
}

/** What came of an order. Where it was not accepted, it left nothing behind. */
export interface Filled {
  readonly isAccepted: boolean;
  readonly ahead: number;
  /** One for each counter of the order. */
  readonly states: readonly CounterState[];
}

/** What is taken ahead is at most one part of so many of what is left. */
const aheadParts = 16;

/** A counter in the course of a transaction: what is used, of that what this transaction took, and what of it is free. */
interface Ledger {
  readonly keyId: string;
  readonly windowSeconds: number;
  readonly startedAt: number;
  readonly endsAt: number;
  used: number;
  free: number;
}

/** Orders that were given in between two changes of a limit may differ in what is allowed: the guard is the highest. */
function demandsOf(orders: readonly Order[]): Map<string, Demand> {
  const demands = new Map<string, Demand>();
  for (const { counters, cost, ahead } of orders) {
    if (cost + ahead === 0) continue;
    for (const counter of counters) {
      const before = demands.get(nameOf(counter));
      demands.set(nameOf(counter), {
        ...counter,
        allowed: Math.max(counter.allowed, before?.allowed ?? 0),
        units: cost + ahead + (before?.units ?? 0),
      });
    }
  }
  return demands;
}

function ledgerOf(counter: Counter, row: CounterRow | undefined, isTaken: boolean, now: number): Ledger {
  const { keyId, windowSeconds } = counter;
  const { startedAt, endsAt, used, taken } = row ?? {
    startedAt: now,
    endsAt: endOf(counter, now),
    used: 0,
    taken: 0,
  };
  const free = isTaken ? taken : 0;
  return { keyId, windowSeconds, startedAt, endsAt, used: used - free, free };
}

/** Takes what is wanted altogether; answers the counters of all orders as they then stand. */
async function openLedgers(
  trx: Writer,
  orders: readonly Order[],
  now: number,
): Promise<ReadonlyMap<string, Ledger>> {
  const taken = await takeUnits(trx, demandsOf(orders).values(), now);
  const counters = orders.flatMap((order) => order.counters);
  const rest = counters.filter((counter) => !taken.has(nameOf(counter)));
  const read =
    rest.length === 0
      ? undefined
      : await readCounters(trx, [...new Set(rest.map(({ keyId }) => keyId))], now);
  return new Map(
    counters.map((counter) => {
      const name = nameOf(counter);
      const row = taken.get(name);
      return [name, ledgerOf(counter, row ?? read?.get(name), row !== undefined, now)];
    }),
  );
}

/** A counter as an order sees it: what it may use is up to its own limit. */
interface Claim {
  readonly counter: Counter;
  readonly ledger: Ledger;
}

function leftOf({ counter, ledger }: Claim): number {
  return Math.max(counter.allowed - ledger.used, 0);
}

function use(claims: readonly Claim[], units: number): void {
  for (const { ledger } of claims) {
    ledger.used += units;
    ledger.free -= units;
  }
}

function accept(claims: readonly Claim[], cost: number): boolean {
  if (!claims.every((claim) => cost <= Math.min(claim.ledger.free, leftOf(claim)))) return cost === 0;
  use(claims, cost);
  return true;
}

/** The less is left, the less is taken ahead. */
function takeAhead(claims: readonly Claim[], wanted: number): number {
  const room = claims.map((claim) => Math.min(claim.ledger.free, Math.floor(leftOf(claim) / aheadParts)));
  const units = Math.min(wanted, ...room);
  use(claims, units);
  return units;
}

function stateOf(claim: Claim): CounterState {
  const { startedAt, endsAt } = claim.ledger;
  return { counter: claim.counter, left: leftOf(claim), startedAt, endsAt };
}

/** Decides orders in turn: first what each costs, then, of what remains, what is taken ahead. */
function decide(orders: readonly Order[], ledgers: ReadonlyMap<string, Ledger>): Filled[] {
  const all = orders.map((order) => {
    const claims = order.counters.flatMap((counter): Claim[] => {
      const ledger = ledgers.get(nameOf(counter));
      return ledger === undefined ? [] : [{ counter, ledger }];
    });
    return { order, claims, isAccepted: accept(claims, order.cost) };
  });
  return all.map(({ order, claims, isAccepted }) => {
    const ahead = isAccepted ? takeAhead(claims, order.ahead) : 0;
    return { isAccepted, ahead, states: claims.map(stateOf) };
  });
}

async function takeBack(trx: Writer, orders: readonly Order[]): Promise<void> {
  const unused = orders.flatMap((order) => order.unused);
  if (unused.length === 0) return;
  await holdCounters(trx, [...new Set(orders.flatMap(({ counters }) => counters.map(({ keyId }) => keyId)))]);
  await giveBack(trx, unused);
}

/**
 * Fills all orders that came meanwhile, as far as their counters allow. Exact for any number of processes: what an
 * order gets was taken by a guarded statement, whose rows stay locked until the commit.
 */
export async function fillAll(trx: Writer, orders: readonly Order[], now: number): Promise<Filled[]> {
  await takeBack(trx, orders);
  const ledgers = await openLedgers(trx, orders, now);
  const filled = decide(orders, ledgers);
  await giveBack(
    trx,
    [...ledgers.values()].filter(({ free }) => free > 0).map((ledger) => ({ ...ledger, units: ledger.free })),
  );
  return filled;
}
