import type { Lease, Moment, mayAnswer, mayKeep, renewed } from '@latchkey/protocol';
import type * as server from './revocation.rules.ts';

/**
 * Tests only: the protocol of docs/revocation.md as a transition system, small enough to be explored whole. What is
 * decided is decided by the functions that servers and verifiers run; what happens around them is modelled.
 */

/** The decisions of both sides. A test may break one, to see that the checker notices. */
export interface Rules extends Omit<typeof server, 'timing'> {
  readonly mayAnswer: typeof mayAnswer;
  readonly mayKeep: typeof mayKeep;
  readonly renewed: typeof renewed;
}

/** How much happens: everything within these bounds, in every order. */
export interface Scope {
  readonly processes: number;
  readonly verifiers: number;
  /** Each ends a key of its own. */
  readonly revocations: number;
  /** How many of the processes revoke. */
  readonly revokers: number;
  /** How often each process registers; 0 = it is registered from the start. */
  readonly registrations: number;
  /** How often each process begins to read the counter. */
  readonly reads: readonly number[];
  /** How many requests each verifier sends, and how many of them are under way at once. */
  readonly asks: number;
  readonly messages: number;
  /** How often each holder reads a key, from the database or from a server; 0 = all keys are in all memories at first. */
  readonly fills: number;
  /** By how much each clock moves in a tick: those of the processes, then those of the verifiers. */
  readonly rates: readonly number[];
}

/**
 * Counted in the units that clocks move by: in one tick of time a slow clock moves by one and a fast one by two, so that
 * they go wrong by a third. A lease is two ticks by the one and one tick by the other.
 */
export const modelTiming: server.Timing = { leaseMs: 2, maxDrift: 1 / 3 };
export const slow = 1;
export const fast = 2;

/** A change that a process has applied, and whom it waits for. `left` counts down by the clock of the process. */
export interface OpenChange {
  readonly seq: number;
  readonly from: number;
  readonly own: boolean;
  dangers: { readonly verifier: number; left: number }[];
}

export interface ProcessState {
  /** Which row is its own; it gets a new one each time that it registers. */
  epoch: number;
  isRegistered: boolean;
  /** The counter as a registration found it that is not committed yet. */
  registering: number | null;
  isStarted: boolean;
  applied: number;
  /** From which number on changes are remembered. */
  remembersFrom: number;
  /** Ticks since the reading began that the lease rests on. */
  leaseAge: number | null;
  read: { readonly seq: number; readonly isRegistered: boolean; age: number } | null;
  /** Which keys are in memory as good. */
  memory: boolean[];
  filling: { readonly key: number; readonly asOf: number } | null;
  bookings: { applied: number; left: number }[];
  open: OpenChange[];
  reads: number;
  fills: number;
}

export type Message =
  | { readonly kind: 'asked'; readonly to: number; readonly applied: number | null; age: number }
  | {
      readonly kind: 'arrived';
      readonly to: number;
      readonly applied: number | null;
      age: number;
      waited: number;
    }
  | {
      readonly kind: 'answered';
      readonly applied: number | null;
      age: number;
      readonly cursor: number;
      readonly leaseMs: number;
      readonly reset: boolean;
      readonly keyIds: readonly string[];
    };

export interface VerifierState {
  applied: number | null;
  /** Ticks since the request was sent that the lease was the answer to. */
  age: number;
  leaseMs: number;
  memory: boolean[];
  filling: { readonly key: number; readonly asOf: number } | null;
  messages: Message[];
  asks: number;
  fills: number;
}

/** A revocation: by whom, its number once it is committed, and how far it has come. */
export interface RevocationState {
  by: number;
  seq: number;
  phase: 'before' | 'committed' | 'settling' | 'answered';
  missing: { readonly process: number; readonly epoch: number }[];
  age: number;
}

export interface State {
  seq: number;
  /** Of each process the row that is committed. */
  rows: ({ readonly epoch: number; readonly registeredSeq: number } | null)[];
  /** What the row's owner has said of each number. */
  said: ('seen' | 'confirmed' | null)[][];
  processes: ProcessState[];
  verifiers: VerifierState[];
  revocations: RevocationState[];
}

function times<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** The processes are registered, and nobody has a lease; or with registrations in the scope, nothing has happened. */
export function initialState(scope: Scope): State {
  const isBegun = scope.registrations === 0;
  const isFilled = scope.fills === 0;
  const memory = () => times(scope.revocations, () => isFilled);
  return {
    seq: 0,
    rows: times(scope.processes, () => (isBegun ? { epoch: 1, registeredSeq: 0 } : null)),
    said: times(scope.processes, () => times(scope.revocations + 1, () => null)),
    processes: times(scope.processes, () => ({
      epoch: isBegun ? 1 : 0,
      isRegistered: isBegun,
      registering: null,
      isStarted: isBegun,
      applied: 0,
      remembersFrom: 0,
      leaseAge: null,
      read: null,
      memory: memory(),
      filling: null,
      bookings: times(scope.verifiers, () => ({ applied: -1, left: 0 })),
      open: [],
      reads: 0,
      fills: 0,
    })),
    verifiers: times(scope.verifiers, () => ({
      applied: isFilled ? 0 : null,
      age: 0,
      leaseMs: 0,
      memory: memory(),
      filling: null,
      messages: [],
      asks: 0,
      fills: 0,
    })),
    revocations: times(scope.revocations, () => ({
      by: 0,
      seq: 0,
      phase: 'before' as const,
      missing: [],
      age: 0,
    })),
  };
}

/** An instant so many ticks ago by a clock that shows nothing now. */
export function ago(ticks: number, rate: number): Moment {
  return { elapsedMs: -ticks * rate, nowMs: -ticks * rate };
}

export const now: Moment = { elapsedMs: 0, nowMs: 0 };

export function leaseOf({ applied, age, leaseMs }: VerifierState, rate: number): Lease {
  return { applied, mark: '', since: ago(age, rate), leaseMs };
}

/** Tells of something that may happen, by name; the state is a copy that it may change. */
export type Emit = (name: string, change: (next: State) => void) => void;

export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`the model has no ${index}`);
  return item;
}

/** Whether the revocation of a key is committed. */
export function isRevoked({ revocations }: State, key: number): boolean {
  return at(revocations, key).phase !== 'before';
}
