import { describeEachEngine } from '@latchkey/testkit';
import { afterEach, expect, it } from 'vitest';
import { createLogger } from '../platform/logger.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Store, Writer } from './store.ts';

const callers = 64;

async function insert(trx: Writer, name: string): Promise<string> {
  await trx.insertInto('meta').values({ name, value: name }).execute();
  return name;
}

async function names(store: Store): Promise<string[]> {
  const rows = await store.db.selectFrom('meta').select('name').orderBy('name').execute();
  return rows.map(({ name }) => name);
}

describeEachEngine('writes at the same time', (open) => {
  const stores: Store[] = [];

  async function openStore(): Promise<Store> {
    const { dataDir, databaseUrl } = await open();
    const store = databaseUrl ? openPostgres(databaseUrl, createLogger('silent')) : openSqlite(dataDir);
    stores.push(store);
    await migrate(store);
    return store;
  }

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  it('answers each caller with its own result, and only after all of it can be read', async () => {
    const store = await openStore();
    const seen = await Promise.all(
      Array.from({ length: callers }, async (_, index) => {
        const own = await store.write((trx) => insert(trx, `name-${index}`));
        return { own, readable: (await names(store)).includes(own) };
      }),
    );
    expect(seen).toEqual(
      Array.from({ length: callers }, (_, index) => ({ own: `name-${index}`, readable: true })),
    );
  });

  it('keeps nothing of work that throws and all of the work beside it', async () => {
    const store = await openStore();
    const outcomes = await Promise.allSettled(
      Array.from({ length: callers }, (_, index) =>
        store.write(async (trx) => {
          await insert(trx, `name-${index}`);
          if (index % 3 === 0) throw new Error(`refused ${index}`);
        }),
      ),
    );
    const kept = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [`name-${index}`] : []));
    expect(outcomes[3]).toMatchObject({ status: 'rejected', reason: { message: 'refused 3' } });
    expect(kept).toHaveLength(callers - Math.ceil(callers / 3));
    expect(await names(store)).toEqual(kept.toSorted());
  });

  it('keeps going after a statement that the database refuses', async () => {
    const store = await openStore();
    await store.write((trx) => insert(trx, 'taken'));
    const outcomes = await Promise.allSettled(
      ['one', 'taken', 'two'].map((name) => store.write((trx) => insert(trx, name))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await names(store)).toEqual(['one', 'taken', 'two']);
  });

  it('refuses a write outside of a transaction where readers have a connection of their own', async () => {
    const store = await openStore();
    if (store.capabilities.engine === 'postgres') return;
    await expect(store.db.insertInto('meta').values({ name: 'stray', value: '' }).execute()).rejects.toThrow(
      /readonly/,
    );
  });
});
