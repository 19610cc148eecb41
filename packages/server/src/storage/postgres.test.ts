import { createPostgresDatabase, type PostgresDatabase } from '@latchkey/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../platform/logger.ts';
import { openPostgres, type Store } from './index.ts';

let database: PostgresDatabase;
let [store, other]: Store[] = [];
beforeEach(async () => {
  database = await createPostgresDatabase();
  [store, other] = [1, 2].map(() => openPostgres(database.url, createLogger('silent')));
});
afterEach(async () => {
  await Promise.all([store?.close(), other?.close()]);
  await database.drop();
});

async function processId(db: Parameters<ReturnType<typeof sql>['execute']>[0]): Promise<number | undefined> {
  return (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]?.pid;
}

it('a connection that breaks between two statements of a transaction ends that, and nothing else', async () => {
  if (store === undefined || other === undefined) throw new Error('not open');
  const { db } = other;
  const written = store.write(async (trx) => {
    const pid = await processId(trx);
    await sql`select pg_terminate_backend(${pid}, 5000)`.execute(db);
    // What the database has said of it arrives before anything is sent again.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await processId(trx);
  });
  await expect(written).rejects.toThrow();
  expect(await processId(store.db)).toBeGreaterThan(0);
});
