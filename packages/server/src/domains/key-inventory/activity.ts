import { type Input, LatchkeyError, managesKeys, messageOfVerdict, type Output } from '@latchkey/protocol';
import { hourMs, isoOrNull, toIso } from '../../platform/clock.ts';
import { decodeRestrictions } from '../../storage/index.ts';
import {
  type Refusal,
  refusalsOfKey,
  type Uses,
  usesInOrganization,
  usesOfKey,
} from '../key-activity/index.ts';
import { leftOf } from '../key-usage/index.ts';
import { type KeyDeps, type Principal, requireMember } from '../keys/index.ts';
import { findInInventory, type Sight, usesOfSeen } from './key-inventory.sql.ts';
import { shownKey } from './list.ts';

type Shown = Output<'keys.activity'>;

async function sightOf(
  deps: KeyDeps,
  principal: Principal,
  organizationId: string,
  now: number,
): Promise<Sight> {
  const { role, userId } = await requireMember(deps, deps.store.db, principal, organizationId, now);
  return { organizationId, ownOf: managesKeys(role) ? undefined : userId };
}

/** When the first of so many hours begins, the last of which is the one that it is now. */
function firstOf(hours: number, now: number): number {
  return (Math.floor(now / hourMs) - hours + 1) * hourMs;
}

/** What stands in the order of the hours, by hour. */
function shownHours(all: readonly Uses[]): Shown['hours'] {
  const hours = new Map<number, Shown['hours'][number]>();
  for (const { hour, outcome, uses } of all) {
    const shown = hours.get(hour) ?? { hour: toIso(hour), outcomes: {} };
    shown.outcomes[outcome] = uses;
    hours.set(hour, shown);
  }
  return [...hours.values()];
}

function shownRefusal({ at, code, missing, address, client }: Refusal): Shown['refusals'][number] {
  return { at: toIso(at), code, message: messageOfVerdict(code), missing, address, client };
}

/** What a key was used for, for a member who may see it. Throws `KEY_NOT_FOUND` for any other key. */
export async function activityOfKey(
  deps: KeyDeps,
  principal: Principal,
  { organizationId, keyId, hours }: Input<'keys.activity'>,
): Promise<Shown> {
  const { db } = deps.store;
  const now = deps.clock.now();
  const sight = await sightOf(deps, principal, organizationId, now);
  const row = await findInInventory(db, sight, keyId);
  if (row === undefined) throw new LatchkeyError('KEY_NOT_FOUND');
  const { limits, budget } = decodeRestrictions(row);
  const [uses, refusals, left] = await Promise.all([
    usesOfKey(db, keyId, firstOf(hours, now)),
    refusalsOfKey(db, keyId),
    leftOf(db, { keyId, limits, budget }, now),
  ]);
  return {
    key: shownKey(deps, row, now),
    hours: shownHours(uses),
    refusals: refusals.map(shownRefusal),
    limits: left.limits.map(({ endsAt, ...limit }) => ({ ...limit, resetsAt: isoOrNull(endsAt) })),
    budget: left.budget,
  };
}

/** What the keys of an organization were used for, as far as the member who asks may see them. */
export async function activityOfOrganization(
  deps: KeyDeps,
  principal: Principal,
  { organizationId, hours }: Input<'organizations.activity'>,
): Promise<Output<'organizations.activity'>> {
  const { db } = deps.store;
  const now = deps.clock.now();
  const sight = await sightOf(deps, principal, organizationId, now);
  const since = firstOf(hours, now);
  const isAll = sight.ownOf === undefined;
  // All of them are added up already: there may be very many.
  const uses = await (isAll ? usesInOrganization(db, organizationId, since) : usesOfSeen(db, sight, since));
  return { hours: shownHours(uses) };
}
