import type { VerdictCode } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import { type CounterState, wholeLife } from './counters.ts';

/** What counting a use came to, as the output of `keys.verify` says it. */
export interface UseVerdict {
  readonly code: Extract<VerdictCode, 'VALID' | 'RATE_LIMITED' | 'USAGE_EXCEEDED'>;
  /** Of the limits the one that has least left, and of several the one that waits longest. */
  readonly rateLimit: {
    readonly limit: number;
    readonly windowSeconds: number;
    readonly remaining: number;
    readonly resetSeconds: number;
  } | null;
  readonly budget: { readonly total: number; readonly remaining: number } | null;
  /** What a verifier outside may spend by itself; counted as spent. */
  readonly units: number;
  /** Unix milliseconds; what is left then is forfeited. */
  readonly unitsUntil: number | null;
}

/** Of a key that is not counted. */
export const uncounted: UseVerdict = {
  code: 'VALID',
  rateLimit: null,
  budget: null,
  units: 0,
  unitsUntil: null,
};

/** What a verdict tells of the counters of a key: the tightest of its limits, and its budget. */
export interface Told {
  readonly tightest: CounterState | undefined;
  readonly budget: CounterState | undefined;
}

function tighter(one: CounterState, other: CounterState): CounterState {
  if (one.left === other.left) return one.endsAt >= other.endsAt ? one : other;
  return one.left < other.left ? one : other;
}

export function toldOf(states: readonly CounterState[]): Told {
  const windows = states.filter(({ counter }) => counter.windowSeconds !== wholeLife);
  return {
    tightest: windows.length === 0 ? undefined : windows.reduce(tighter),
    budget: states.find(({ counter }) => counter.windowSeconds === wholeLife),
  };
}

/** Why a use was refused. A budget comes first: waiting does not help there. */
export function refusalOf({ budget }: Told, cost: number): 'RATE_LIMITED' | 'USAGE_EXCEEDED' {
  return budget !== undefined && budget.left < cost ? 'USAGE_EXCEEDED' : 'RATE_LIMITED';
}

/** Puts a verdict into words; `held` units were taken and not used by this process, so that they are left too. */
export function tell(
  code: UseVerdict['code'],
  { tightest, budget }: Told,
  held: number,
  now: number,
): UseVerdict {
  return {
    code,
    rateLimit:
      tightest === undefined
        ? null
        : {
            limit: tightest.counter.allowed,
            windowSeconds: tightest.counter.windowSeconds,
            remaining: tightest.left + held,
            resetSeconds: Math.max(Math.ceil((tightest.endsAt - now) / secondMs), 0),
          },
    budget: budget === undefined ? null : { total: budget.counter.allowed, remaining: budget.left + held },
    units: 0,
    unitsUntil: null,
  };
}
