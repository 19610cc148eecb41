import { sql } from 'kysely';
import type { Reader, Writer } from '../../storage/index.ts';
import type { Limit } from './limits.sql.ts';

/** Instants are kept as text of one width, so that they compare as text and the oldest can be cut off. */
const width = 13;

function stamp(instant: number): string {
  return String(instant).padStart(width, '0');
}

/**
 * Counts one unless `limit` were counted within the `windowMs` before now, in one guarded statement, and says whether
 * it did. What is kept are the instants of the last `limit`: the oldest of them has to be a window old. One that a
 * moved clock has put further ahead than a whole window does not hold anything up.
 */
export async function countRolling(
  trx: Writer,
  { name, limit, windowMs }: Limit,
  now: number,
): Promise<boolean> {
  const isFull = sql<boolean>`length(rolling_limits.times) >= ${sql.lit(limit * width)}`;
  const oldest = sql<string>`substr(rolling_limits.times, 1, ${sql.lit(width)})`;
  const all = sql<string>`rolling_limits.times || excluded.times`;
  const row = await trx
    .insertInto('rolling_limits')
    .values({ name, times: stamp(now), ends_at: now + windowMs })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({
          times: sql<string>`case when ${isFull} then substr(${all}, ${sql.lit(width + 1)}) else ${all} end`,
          ends_at: eb.ref('excluded.ends_at'),
        }))
        .where((eb) =>
          eb.or([
            eb.not(isFull),
            eb(oldest, '<=', stamp(now - windowMs)),
            eb(oldest, '>', stamp(now + windowMs)),
          ]),
        ),
    )
    .returning('name')
    .executeTakeFirst();
  return row !== undefined;
}

/** When the next one may be counted; undefined = now. */
export async function rollingEnd(
  db: Reader,
  { name, limit, windowMs }: Limit,
  now: number,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('rolling_limits')
    .select('times')
    .where('name', '=', name)
    .executeTakeFirst();
  if (row === undefined || row.times.length < limit * width) return undefined;
  const oldest = Number(row.times.slice(0, width));
  return oldest > now - windowMs && oldest <= now + windowMs ? oldest + windowMs : undefined;
}

/** Removes what no answer depends on any more. */
export async function deleteRolledOver(trx: Writer, now: number): Promise<void> {
  await trx.deleteFrom('rolling_limits').where('ends_at', '<=', now).execute();
}
