import type { KeyBudget, KeyLimit } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';

/** The window of a budget, which does not end. */
export const wholeLife = 0;

/** The latest instant there is. */
const never = 8_640_000_000_000_000;

/** What a key may use: at most `allowed` units within a window that starts with the first, or within its whole life. */
export interface Counter {
  readonly keyId: string;
  readonly windowSeconds: number;
  readonly allowed: number;
}

/** A window of a counter, and how much of it was left when somebody last looked. Instants are Unix milliseconds. */
export interface CounterState {
  readonly counter: Counter;
  readonly left: number;
  readonly startedAt: number;
  readonly endsAt: number;
}

/** What a key is bound to, as it stands in its row. */
export interface UseLimits {
  readonly keyId: string;
  readonly limits: readonly KeyLimit[] | null;
  readonly budget: KeyBudget | null;
}

/** A use to be counted; `verifier` names who may be given units to spend by itself. */
export interface UseRequest extends UseLimits {
  /** Units; 0 is never refused. */
  readonly cost: number;
  readonly verifier?: string | undefined;
}

/**
 * The counters of a key, in the order in which they are locked. A limit is known by its window, so that its count stays
 * where the number of requests or the way of counting is changed.
 */
export function countersOf({ keyId, limits, budget }: UseLimits): Counter[] {
  const windows = (limits ?? []).map(({ requests, windowSeconds }) => ({
    keyId,
    windowSeconds,
    allowed: requests,
  }));
  const all =
    budget === null ? windows : [...windows, { keyId, windowSeconds: wholeLife, allowed: budget.total }];
  return all.sort((one, other) => one.windowSeconds - other.windowSeconds);
}

/** Whether every use has to be counted where all processes see it: one exact limit makes the whole key exact. */
export function isExact({ limits, budget }: UseLimits): boolean {
  return budget?.counting === 'exact' || (limits ?? []).some(({ counting }) => counting === 'exact');
}

/** Says whether a key is bound to the same; fast where they are the very same objects, as from a memory of keys. */
export function isSameLimits(one: UseLimits, other: UseLimits): boolean {
  if (one.limits === other.limits && one.budget === other.budget) return true;
  return JSON.stringify([one.limits, one.budget]) === JSON.stringify([other.limits, other.budget]);
}

/** Names a counter among those of all keys. */
export function nameOf({ keyId, windowSeconds }: Pick<Counter, 'keyId' | 'windowSeconds'>): string {
  return `${keyId} ${windowSeconds}`;
}

/** When a window ends that starts now. */
export function endOf({ windowSeconds }: Pick<Counter, 'windowSeconds'>, now: number): number {
  return windowSeconds === wholeLife ? never : now + windowSeconds * secondMs;
}
