import { sql } from 'kysely';
import type { Reader, Writer } from '../../storage/index.ts';
import { type Counter, endOf, nameOf } from './counters.ts';

/** So many units are wanted of a counter. */
export interface Demand extends Counter {
  readonly units: number;
}

/** A row of a counter; `taken` is what the last statement got, and is in `used` already. */
export interface CounterRow {
  readonly keyId: string;
  readonly windowSeconds: number;
  readonly used: number;
  readonly taken: number;
  readonly startedAt: number;
  readonly endsAt: number;
}

/** Units of a counter that were taken in the window that started then, and not used. */
export interface Unused {
  readonly keyId: string;
  readonly windowSeconds: number;
  readonly startedAt: number;
  readonly units: number;
}

/** Bounds how many texts of one statement there are: both engines keep or parse each. */
const maxRows = 32;

const columns = [
  'key_id as keyId',
  'window_seconds as windowSeconds',
  'used',
  'taken',
  'started_at as startedAt',
  'ends_at as endsAt',
] as const;

/** A window that ended starts anew; so does one that a moved clock has put further ahead than a whole window. */
const isOver = sql<boolean>`(key_uses.ends_at <= excluded.started_at or key_uses.started_at > excluded.ends_at)`;
const fits = sql<boolean>`(key_uses.used + excluded.taken <= excluded.allowed)`;
const isLeft = sql<boolean>`(key_uses.used < excluded.allowed)`;

function inOrder<Named extends { readonly keyId: string; readonly windowSeconds: number }>(
  all: Iterable<Named>,
): Named[] {
  return [...all].sort((one, other) =>
    one.keyId === other.keyId ? one.windowSeconds - other.windowSeconds : one.keyId < other.keyId ? -1 : 1,
  );
}

async function takeSome(trx: Writer, demands: readonly Demand[], now: number): Promise<CounterRow[]> {
  const rows = demands.map((demand) => {
    const taken = Math.min(demand.units, demand.allowed);
    return {
      key_id: demand.keyId,
      window_seconds: demand.windowSeconds,
      used: taken,
      allowed: demand.allowed,
      taken,
      started_at: now,
      ends_at: endOf(demand, now),
    };
  });
  return trx
    .insertInto('key_uses')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['key_id', 'window_seconds'])
        .doUpdateSet({
          used: sql`case when ${isOver} then excluded.taken when ${fits} then key_uses.used + excluded.taken else excluded.allowed end`,
          taken: sql`case when ${isOver} or ${fits} then excluded.taken else excluded.allowed - key_uses.used end`,
          allowed: (eb) => eb.ref('excluded.allowed'),
          started_at: sql`case when ${isOver} then excluded.started_at else key_uses.started_at end`,
          ends_at: sql`case when ${isOver} then excluded.ends_at else key_uses.ends_at end`,
        })
        .where(sql<boolean>`${isOver} or ${isLeft}`),
    )
    .returning(columns)
    .execute();
}

/**
 * Takes of each counter as many units as are wanted and left, in one guarded statement; several counters share it, in
 * one order, so that no two transactions wait for each other. No row is answered for a counter of which nothing was
 * left; it is locked nevertheless. Each counter may stand in `demands` once.
 */
export async function takeUnits(
  trx: Writer,
  demands: Iterable<Demand>,
  now: number,
): Promise<Map<string, CounterRow>> {
  const all = inOrder(demands);
  const taken = new Map<string, CounterRow>();
  for (let start = 0; start < all.length; start += maxRows) {
    for (const row of await takeSome(trx, all.slice(start, start + maxRows), now))
      taken.set(nameOf(row), row);
  }
  return taken;
}

/** Locks the counters of these keys, as whoever gives back before taking has to: in the one order. */
export async function holdCounters(trx: Writer, keyIds: readonly string[]): Promise<void> {
  await trx
    .selectFrom('key_uses')
    .select('key_id')
    .where('key_id', 'in', keyIds)
    .orderBy('key_id')
    .orderBy('window_seconds')
    .forUpdate()
    .execute();
}

/** What was counted of these keys in windows that have not ended. */
export async function readCounters(
  db: Reader,
  keyIds: readonly string[],
  now: number,
): Promise<Map<string, CounterRow>> {
  const rows = await db
    .selectFrom('key_uses')
    .select(columns)
    .where('key_id', 'in', keyIds)
    .where('ends_at', '>', now)
    .execute();
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** Gives units back to the window that they are of, if it still runs. A window in which nothing was used has not begun. */
export async function giveBack(trx: Writer, unused: Iterable<Unused>): Promise<void> {
  for (const { keyId, windowSeconds, startedAt, units } of inOrder(unused)) {
    await trx
      .updateTable('key_uses')
      .set((eb) => ({
        used: eb('used', '-', units),
        ends_at: eb.case().when('used', '=', units).then(eb.ref('started_at')).else(eb.ref('ends_at')).end(),
      }))
      .where('key_id', '=', keyId)
      .where('window_seconds', '=', windowSeconds)
      .where('started_at', '=', startedAt)
      .where('used', '>=', units)
      .execute();
  }
}

/** Removes windows that are over. */
export async function deleteEndedWindows(trx: Writer, now: number): Promise<void> {
  await trx.deleteFrom('key_uses').where('ends_at', '<=', now).execute();
}
