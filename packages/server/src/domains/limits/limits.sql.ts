import type { Reader, Writer } from '../../storage/index.ts';

/** A counted thing: at most `limit` within `windowMs`, in a window that starts with the first one counted. */
export interface Limit {
  /** What is counted and for whom. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Counts one if the limit allows it, in one guarded statement, and says whether it did. A window that ended
 * starts anew; so does one that a moved clock has put further ahead than a whole window.
 */
export async function countOne(trx: Writer, { name, limit, windowMs }: Limit, now: number): Promise<boolean> {
  const row = await trx
    .insertInto('limits')
    .values({ name, count: 1, started_at: now, ends_at: now + windowMs })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => {
          const over = eb.or([eb('limits.ends_at', '<=', now), eb('limits.started_at', '>', now + windowMs)]);
          return {
            count: eb
              .case()
              .when(over)
              .then(eb.lit(1))
              .else(eb('limits.count', '+', 1))
              .end(),
            started_at: eb
              .case()
              .when(over)
              .then(eb.ref('excluded.started_at'))
              .else(eb.ref('limits.started_at'))
              .end(),
            ends_at: eb
              .case()
              .when(over)
              .then(eb.ref('excluded.ends_at'))
              .else(eb.ref('limits.ends_at'))
              .end(),
          };
        })
        .where((eb) =>
          eb.or([
            eb('limits.count', '<', limit),
            eb('limits.ends_at', '<=', now),
            eb('limits.started_at', '>', now + windowMs),
          ]),
        ),
    )
    .returning('count')
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives one back, as when what was counted did not happen after all. */
export async function uncountOne(trx: Writer, name: string): Promise<void> {
  await trx
    .updateTable('limits')
    .set((eb) => ({ count: eb('count', '-', 1) }))
    .where('name', '=', name)
    .where('count', '>', 0)
    .execute();
}

/** What was counted in the window of a limit, and when that ends or ended; undefined where nothing was counted. */
export async function windowOf(
  db: Reader,
  name: string,
): Promise<{ readonly count: number; readonly endsAt: number } | undefined> {
  return db
    .selectFrom('limits')
    .select(['count', 'ends_at as endsAt'])
    .where('name', '=', name)
    .executeTakeFirst();
}

/** Removes windows that are over. */
export async function deleteEnded(trx: Writer, now: number): Promise<void> {
  await trx.deleteFrom('limits').where('ends_at', '<=', now).execute();
}
