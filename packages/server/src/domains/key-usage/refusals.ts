import type { Clock } from '../../platform/clock.ts';
import { type CounterState, isSameLimits, type UseLimits } from './counters.ts';
import type { UseVerdict } from './use-verdict.ts';

/** How long a refusal is repeated without looking, if no window of it ends before. */
const rememberedMs = 100;

interface Refusal {
  readonly limits: UseLimits;
  readonly cost: number;
  readonly verdict: UseVerdict;
  readonly endsAt: number;
  readonly untilElapsedMs: number;
}

/**
 * What was refused a moment ago, so that whoever hammers on with a key that is used up costs no transactions: within a
 * window exact counts only grow, and slices that others give back may be that late.
 */
export interface Refusals {
  find(limits: UseLimits, cost: number): UseVerdict | undefined;
  note(limits: UseLimits, cost: number, verdict: UseVerdict, states: readonly CounterState[]): void;
  forgetOld(): void;
}

export function createRefusals(clock: Clock): Refusals {
  const refusals = new Map<string, Refusal>();

  function isOver({ endsAt, untilElapsedMs }: Refusal): boolean {
    return clock.now() >= endsAt || clock.elapsedMs() >= untilElapsedMs;
  }

  return {
    find(limits, cost) {
      const refusal = refusals.get(limits.keyId);
      if (refusal === undefined || cost < refusal.cost) return undefined;
      return isOver(refusal) || !isSameLimits(refusal.limits, limits) ? undefined : refusal.verdict;
    },
    note(limits, cost, verdict, states) {
      const ends = states.filter(({ left }) => left < cost).map(({ endsAt }) => endsAt);
      const untilElapsedMs = clock.elapsedMs() + rememberedMs;
      refusals.set(limits.keyId, { limits, cost, verdict, endsAt: Math.min(...ends), untilElapsedMs });
    },
    forgetOld() {
      for (const [keyId, refusal] of refusals) if (isOver(refusal)) refusals.delete(keyId);
    },
  };
}
