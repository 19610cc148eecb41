import type { Reader, Writer } from './store.ts';

/** Keeps a value under a name unless one is there, and returns the one that is kept. */
export async function keepOnce(trx: Writer, name: string, value: string): Promise<string> {
  await trx
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return (await trx.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirstOrThrow())
    .value;
}

/** Resolves when the database answers; throws when it does not. */
export async function pingDatabase(db: Reader): Promise<void> {
  await db.selectFrom('meta').select('name').limit(1).execute();
}
