import type { Clock } from '../../platform/clock.ts';
import { type Counter, type CounterState, isSameLimits, type UseLimits } from './counters.ts';
import type { Filled } from './fill.ts';
import type { Unused } from './key-usage.sql.ts';
import type { Lender } from './loans.ts';
import { type Told, toldOf } from './use-verdict.ts';

/** Of a limit or a budget, one part of so many is a slice. */
const sliceParts = 100;

/** Units of a key that this process has taken ahead of need: spent for everybody else, until a window of them ends. */
export interface Slice extends Lender {
  readonly limits: UseLimits;
  readonly states: readonly CounterState[];
  readonly told: Told;
  /** The same instant as `endsAt`, by the clock that is never set back. */
  readonly endsAtElapsedMs: number;
  refillBelow: number;
  usedAtElapsedMs: number;
}

/** What one process holds of a key ahead of need, at most; 0 of a limit below 100, which is counted one by one. */
export function sliceOf(counters: readonly Counter[]): number {
  return Math.min(...counters.map(({ allowed }) => Math.floor(allowed / sliceParts)));
}

/** Whether the units of two slices can be put together. */
export function isSameWindow(one: Slice, other: Slice): boolean {
  return (
    isSameLimits(one.limits, other.limits) &&
    one.states.every(({ startedAt }, index) => startedAt === other.states[index]?.startedAt)
  );
}

/** What can be given back: units of windows that still run. */
export function unusedOf({ states, units }: Slice, now: number): Unused[] {
  if (units === 0) return [];
  const running = states.filter(({ endsAt }) => endsAt > now);
  return running.map(({ counter: { keyId, windowSeconds }, startedAt }) => ({
    keyId,
    windowSeconds,
    startedAt,
    units,
  }));
}

/** What was taken ahead by an order of which there is some. */
export function sliceFrom(limits: UseLimits, { states, ahead: units }: Filled, clock: Clock): Slice {
  const elapsedMs = clock.elapsedMs();
  const endsAt = Math.min(...states.map((state) => state.endsAt));
  return {
    limits,
    states,
    told: toldOf(states),
    endsAt,
    endsAtElapsedMs: elapsedMs + endsAt - clock.now(),
    units,
    refillBelow: units / 2,
    usedAtElapsedMs: elapsedMs,
  };
}

/** Whether a window of it has ended, by either clock: the one may be set back, the other may have stood still. */
export function isEnded({ endsAt, endsAtElapsedMs }: Slice, now: number, elapsedMs: number): boolean {
  return now >= endsAt || elapsedMs >= endsAtElapsedMs;
}
