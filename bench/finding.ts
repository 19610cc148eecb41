import type { Measured } from './rounds.ts';
import { type Quartiles, quartilesOf, ratiosWithinRounds } from './statistics.ts';

/** What a ratio is meant to be. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number };

/** A ratio that the bench is about, by the names of what was measured. */
export interface Comparison {
  readonly of: string;
  readonly to: string;
  readonly aim?: Aim;
}

/** A measured value that is what the bench is about, and no ratio. */
export interface Bound {
  readonly of: string;
  /** Which of the values of the rounds has to keep to it. */
  readonly over: 'median' | 'worst';
  readonly atMost: number;
}

/** What one bench found. */
export interface Finding {
  /** What was compared and how it was set up, in sentences. */
  readonly method: string;
  readonly unit: 'per second' | 'ms';
  readonly measured: Measured;
  readonly comparisons: readonly Comparison[];
  /** Values with an aim of their own, in the unit of the finding. */
  readonly bounds?: readonly Bound[];
  /** What the figures depend on here, beside machine and versions. */
  readonly facts: Readonly<Record<string, string>>;
  /** What the figures do not say. */
  readonly limits: readonly string[];
}

/** One thing that the project can measure. */
export interface Bench {
  readonly summary: string;
  readonly run: () => Promise<Finding>;
}

/** A comparison with its result: the ratio of the values inside each round. */
export interface Ratio extends Comparison {
  readonly ratio: Quartiles;
  /** `undefined` for a comparison without an aim. */
  readonly reached: boolean | undefined;
}

/** A bound with what was measured against it. */
export interface Held extends Bound {
  readonly value: number;
  readonly reached: boolean;
}

/** The bounds of a finding. Throws when one names something that was not measured. */
export function boundsOf({ measured: { values }, bounds = [] }: Finding): Held[] {
  return bounds.map((bound) => {
    const measured = values[bound.of];
    if (measured === undefined) throw new Error(`not measured: ${bound.of}`);
    const value = bound.over === 'worst' ? Math.max(...measured) : quartilesOf(measured).median;
    return { ...bound, value, reached: value <= bound.atMost };
  });
}

function isReached(aim: Aim | undefined, median: number): boolean | undefined {
  if (aim === undefined) return undefined;
  return 'atLeast' in aim ? median >= aim.atLeast : median <= aim.atMost;
}

/** The ratios of a finding. Throws when a comparison names something that was not measured. */
export function ratiosOf({ measured: { values }, comparisons }: Finding): Ratio[] {
  return comparisons.map((comparison) => {
    const [of, to] = [values[comparison.of], values[comparison.to]];
    if (of === undefined || to === undefined)
      throw new Error(`not measured: ${comparison.of} or ${comparison.to}`);
    const ratio = quartilesOf(ratiosWithinRounds(of, to));
    return { ...comparison, ratio, reached: isReached(comparison.aim, ratio.median) };
  });
}
