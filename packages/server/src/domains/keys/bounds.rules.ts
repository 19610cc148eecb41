import { covers, type KeyLimit, LatchkeyError } from '@latchkey/protocol';
import type { Restrictions } from '../../storage/index.ts';
import { isPartOf } from './allowed-addresses.ts';

/** Whether everything that one side allows is covered by something of the other; `null` allows anything. */
function allWithin(
  inner: readonly string[] | null,
  outer: readonly string[] | null,
  isCovered: (inner: string, outer: string) => boolean,
): boolean {
  if (outer === null) return true;
  return inner?.every((each) => outer.some((one) => isCovered(each, one))) ?? false;
}

function isLimitedBy(limits: readonly KeyLimit[], { requests, windowSeconds }: KeyLimit): boolean {
  return limits.some((each) => each.requests <= requests && each.windowSeconds >= windowSeconds);
}

/** What of the first lets a key do more than the second does, by the names of the fields. */
function beyond(inner: Restrictions, outer: Restrictions): string[] {
  const within: Record<keyof Restrictions, boolean> = {
    allowedAddresses: allWithin(inner.allowedAddresses, outer.allowedAddresses, isPartOf),
    resources: allWithin(inner.resources, outer.resources, covers),
    limits: (outer.limits ?? []).every((limit) => isLimitedBy(inner.limits ?? [], limit)),
    budget: outer.budget === null || (inner.budget !== null && inner.budget.total <= outer.budget.total),
  };
  return Object.entries(within).flatMap(([name, isWithin]) => (isWithin ? [] : [name]));
}

/** Whether a key that is bound so may do nothing that one may not which is bound otherwise. */
export function isWithin(inner: Restrictions, outer: Restrictions): boolean {
  return beyond(inner, outer).length === 0;
}

/** Throws `RESTRICTION_ESCALATION`, which names the kinds, where a key would be less bound than whoever gives it. */
export function refuseWiderBounds(wanted: Restrictions, bounds: Restrictions): void {
  const restrictions = beyond(wanted, bounds);
  if (restrictions.length > 0)
    throw new LatchkeyError('RESTRICTION_ESCALATION', { details: { restrictions } });
}
