import type { Input } from '@latchkey/protocol';
import {
  decodeRestrictions,
  encodeRestrictions,
  type RestrictionColumns,
  type Restrictions,
} from '../../storage/index.ts';
import { checkAddresses } from './allowed-addresses.ts';

/** What a key is to be bound to, as a caller says it: what is not said stays, `null` takes it away. */
export type WantedRestrictions = Pick<
  Input<'keys.update'>,
  'allowedAddresses' | 'resources' | 'limits' | 'budget'
>;

/** What a new key is bound to. Throws `INVALID_ADDRESS`. */
export function restrictionsFrom(wanted: WantedRestrictions): Restrictions {
  const { allowedAddresses = null, resources = null, limits = null, budget = null } = wanted;
  checkAddresses(allowedAddresses);
  return { allowedAddresses, resources, limits, budget };
}

/** The columns that a change touches. Throws `INVALID_ADDRESS`. */
export function changedRestrictions(wanted: WantedRestrictions): Partial<RestrictionColumns> {
  const { allowed_addresses, resources, limits, budget } = encodeRestrictions(restrictionsFrom(wanted));
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
