import { describeEachEngine } from '@latchkey/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { createLogger } from '../platform/logger.ts';
import { createGatherer } from './gather.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Store, Writer } from './store.ts';

async function insertAll(trx: Writer, names: readonly string[]): Promise<void> {
  await trx
    .insertInto('meta')
    .values(names.map((name) => ({ name, value: name })))
    .execute();
}

async function namesIn(store: Store): Promise<string[]> {
  const rows = await store.db.selectFrom('meta').select('name').orderBy('name').execute();
  return rows.map(({ name }) => name);
}

function numbered(count: number, prefix = 'name'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, '0')}`);
}

/** What happened to each of several promises. */
async function statuses(promises: readonly Promise<unknown>[]): Promise<string[]> {
  return (await Promise.allSettled(promises)).map(({ status }) => status);
}

describeEachEngine('gathered writes', (open) => {
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

  /** Inserts what is handed in; notes what each transaction got, and waits for a gate before it does anything. */
  function gathered(store: Store, gate: (groups: number) => Promise<void> = async () => {}, atOnce?: number) {
    const groups: (readonly string[])[] = [];
    const insert = createGatherer(
      store,
      async (trx, names: readonly string[]) => {
        groups.push(names);
        await gate(groups.length);
        await insertAll(trx, names);
        return names.map((name) => `${name} done`);
      },
      atOnce === undefined ? {} : { atOnce },
    );
    return { groups, insert };
  }

  it('are one transaction, in the order in which they came, and each caller gets its own result', async () => {
    const store = await openStore();
    const { groups, insert } = gathered(store);
    const names = numbered(64);
    expect(await Promise.all(names.map(insert))).toEqual(names.map((name) => `${name} done`));
    expect(groups).toEqual([names]);
  });

  it('go into the next transaction where they come while one runs', async () => {
    const store = await openStore();
    const [entered, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { groups, insert } = gathered(store, async (count) => {
      if (count > 1) return;
      entered.resolve();
      await left.promise;
    });
    const first = insert('first');
    await entered.promise;
    const late = ['second', 'third'].map(insert);
    left.resolve();
    await Promise.all([first, ...late]);
    expect(groups).toEqual([['first'], ['second', 'third']]);
  });

  it('wait for a transaction to end where no more may be under way, and then share one', async () => {
    const store = await openStore();
    const [entered, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const gate = async (count: number) => {
      if (count > 1) return;
      entered.resolve();
      await left.promise;
    };
    const { groups, insert } = gathered(store, gate, 1);
    const write = vi.spyOn(store, 'write');
    const first = insert('first');
    await entered.promise;
    const late = [insert('second'), insert('third')];
    expect(write).toHaveBeenCalledTimes(1);
    left.resolve();
    await Promise.all([first, ...late]);
    expect(groups).toEqual([['first'], ['second', 'third']]);
  });

  it('are several transactions where they are many, each item in one of them', async () => {
    const store = await openStore();
    const { groups, insert } = gathered(store);
    const names = numbered(1000);
    await Promise.all(names.map(insert));
    expect(groups.length).toBeGreaterThan(1);
    for (const group of groups) expect(group.length).toBeLessThanOrEqual(256);
    expect(groups.flat()).toEqual(names);
    expect(await namesIn(store)).toEqual(names);
  });

  it('can be read by everybody when a caller hears of them', async () => {
    const store = await openStore();
    const { insert } = gathered(store);
    const seen = await Promise.all(
      numbered(64).map(async (name) => {
        await insert(name);
        return (await namesIn(store)).includes(name);
      }),
    );
    expect(seen).toEqual(seen.map(() => true));
  });

  it('fail together where one of them fails, and nothing of them stays', async () => {
    const store = await openStore();
    const [entered, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { insert } = gathered(store, async (count) => {
      if (count > 1) return;
      entered.resolve();
      await left.promise;
    });
    const before = insert('before');
    await entered.promise;
    const failing = ['one', 'twice', 'twice', 'two'].map(insert);
    left.resolve();
    expect(await statuses([before, ...failing])).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'rejected',
    ]);
    expect(await insert('after')).toBe('after done');
    expect(await namesIn(store)).toEqual(['after', 'before']);
  });

  it('fail where no transaction can begin, without keeping anybody waiting', async () => {
    const store = await openStore();
    const { insert } = gathered(store);
    await insert('before');
    await store.close();
    stores.splice(0);
    expect(await statuses(numbered(300).map(insert))).toEqual(numbered(300).map(() => 'rejected'));
  });
});
