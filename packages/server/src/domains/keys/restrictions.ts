import type { Input } from '@latchkey/protocol';
import {
  decodeRestrictions,
  encodeRestrictions,
  type RestrictionColumns,
  type Restrictions,
} from '../../storage/index.ts';
import { checkAddresses } from './allowed-addresses.ts';
import { refuseWiderBounds } from './bounds.rules.ts';

/** What a key is to be bound to, as a caller says it: what is not said stays, `null` takes it away. */
export type WantedRestrictions = Pick<
  Input<'keys.update'>,
  'allowedAddresses' | 'resources' | 'limits' | 'budget'
>;

/** What a key is bound to, where what is not said is as it is. Throws `INVALID_ADDRESS`. */
export function restrictionsFrom(wanted: WantedRestrictions, before: Restrictions): Restrictions {
  const { allowedAddresses = before.allowedAddresses, resources = before.resources } = wanted;
  const { limits = before.limits, budget = before.budget } = wanted;
  checkAddresses(wanted.allowedAddresses);
  return { allowedAddresses, resources, limits, budget };
}

/** Bound to nothing. */
export const unbound: Restrictions = { allowedAddresses: null, resources: null, limits: null, budget: null };

/**
 * What a new key is bound to: at least to what the key is bound to that makes it, also where nothing is said. Throws
 * `INVALID_ADDRESS` or `RESTRICTION_ESCALATION`.
 */
export function restrictionsWithin(wanted: WantedRestrictions, bounds: Restrictions): Restrictions {
  const restrictions = restrictionsFrom(wanted, bounds);
  refuseWiderBounds(restrictions, bounds);
  return restrictions;
}

/** The columns that a change touches. */
export function changedRestrictions(
  wanted: WantedRestrictions,
  after: Restrictions,
): Partial<RestrictionColumns> {
  const { allowed_addresses, resources, limits, budget } = encodeRestrictions(after);
  return {
    ...(wanted.allowedAddresses !== undefined && { allowed_addresses }),
    ...(wanted.resources !== undefined && { resources }),
    ...(wanted.limits !== undefined && { limits }),
    ...(wanted.budget !== undefined && { budget }),
  };
}

interface ShownRestrictions {
  readonly allowedAddresses: string[] | null;
  readonly resources: string[] | null;
  readonly limits: [...NonNullable<Restrictions['limits']>] | null;
  readonly budget: Restrictions['budget'];
}

/** The same as lists show it. */
export function shownRestrictions(row: RestrictionColumns): ShownRestrictions {
  const { allowedAddresses, resources, limits, budget } = decodeRestrictions(row);
  return {
    allowedAddresses: allowedAddresses && [...allowedAddresses],
    resources: resources && [...resources],
    limits: limits && [...limits],
    budget,
  };
}
