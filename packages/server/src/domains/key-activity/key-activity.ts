import { secondMs } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import { createWriteBehind, type Store, type WriteBehind } from '../../storage/index.ts';
import { boundRefusals, insertRefusals, prepareAddUses } from './key-activity.sql.ts';
import {
  absorb,
  type CountedKey,
  isOpenAt,
  keepRefusal,
  nameOf,
  openTally,
  type Refusal,
  type Tally,
} from './tally.ts';

/** Each is a row or two, and as many statements. */
const talliesPerTransaction = 100;

/**
 * What came of the uses of keys, counted in memory by hour and outcome and written down together every few seconds, with
 * the last refusals of each. Counting is part of each verification, so it looks for nothing and makes nothing. Only keys
 * that there are can be counted: whatever strangers send makes no row.
 */
export interface KeyActivity extends WriteBehind {
  /** Counts a use that was accepted. */
  accept(key: CountedKey, now: number): void;
  /** Counts a request that the key was good for, and that was refused for something else. */
  refuseRequest(key: CountedKey, now: number): void;
  /** Counts a use that was refused, and keeps why. */
  refuse(key: CountedKey, refusal: Refusal): void;
}

function byName(one: Tally, other: Tally): number {
  return nameOf(one) < nameOf(other) ? -1 : 1;
}

export function createKeyActivity(
  { store, random }: { readonly store: Store; readonly random: Random },
  onError: (error: unknown) => void,
): KeyActivity {
  const addUses = prepareAddUses(store.db);
  let gathered = new Map<string, Tally>();

  /** One for all who count the same: what is known of a key is made anew whenever keys change. */
  function find(keyId: string, organizationId: string | null, now: number): Tally {
    const fresh = openTally(keyId, organizationId, now);
    const name = nameOf(fresh);
    const known = gathered.get(name);
    if (known !== undefined) return known;
    gathered.set(name, fresh);
    return fresh;
  }

  function tallyOf(key: CountedKey, now: number): Tally {
    const { tally } = key;
    if (tally !== undefined && isOpenAt(tally, now)) return tally;
    key.tally = find(key.keyId, key.organizationId, now);
    return key.tally;
  }

  /** Whoever still holds one of these looks for another. */
  function take(): Tally[] {
    const taken = [...gathered.values()].sort(byName);
    for (const tally of taken) tally.endsAt = tally.startsAt;
    gathered = new Map();
    return taken;
  }

  const behind = createWriteBehind<Tally>(
    store,
    {
      everyMs: 9 * secondMs,
      perTransaction: talliesPerTransaction,
      take,
      async write(trx, tallies) {
        await addUses(trx, tallies);
        await insertRefusals(trx, tallies, random);
        await boundRefusals(trx, tallies);
      },
      takeBack(tallies) {
        for (const each of tallies) absorb(find(each.keyId, each.organizationId, each.startsAt), each);
      },
    },
    onError,
  );

  return {
    accept(key, now) {
      tallyOf(key, now).counts.VALID += 1;
    },
    refuseRequest(key, now) {
      tallyOf(key, now).counts.REQUEST_REFUSED += 1;
    },
    refuse(key, refusal) {
      const tally = tallyOf(key, refusal.at);
      tally.counts[refusal.code] += 1;
      keepRefusal(tally, refusal);
    },
    ...behind,
  };
}
