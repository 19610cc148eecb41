import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeEachEngine, type EmptyStore } from '@latchkey/testkit';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openStore } from '../deps.ts';
import { createLogger } from '../platform/logger.ts';
import { SettingsError } from '../platform/settings-error.ts';
import { readSettings } from '../settings.ts';
import { migrate, openPostgres, openSqlite, type Store } from './index.ts';

const log = createLogger('silent');

function openRaw({ databaseUrl, dataDir }: EmptyStore): Store {
  return databaseUrl === undefined ? openSqlite(dataDir) : openPostgres(databaseUrl, log);
}

/** Every table with its columns, and the migrations that were applied. */
async function schemaOf(store: Store): Promise<unknown> {
  const tables = await store.db.introspection.getTables();
  const columns = tables.map(({ name, columns }) => [name, columns.map((column) => column.name).sort()]);
  const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(
    store.db,
  );
  return { tables: Object.fromEntries(columns.sort()), applied: rows.map(({ name }) => name) };
}

/** Migrates in a process of its own. */
async function migrateElsewhere({ databaseUrl, dataDir }: EmptyStore): Promise<void> {
  const modules = ['./index.ts', '../platform/logger.ts'].map((path) => new URL(path, import.meta.url).href);
  const script = `const [{ migrate, openPostgres, openSqlite }, { createLogger }] =
      await Promise.all(${JSON.stringify(modules)}.map((module) => import(module)));
    const url = ${JSON.stringify(databaseUrl ?? '')};
    const store = url ? openPostgres(url, createLogger('silent')) : openSqlite(${JSON.stringify(dataDir)});
    await migrate(store);
    await store.close();`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
}

describeEachEngine('migration', (open) => {
  it('makes every table on an empty database, and changes nothing when it runs again', async () => {
    const store = openRaw(await open());
    await migrate(store);
    const first = await schemaOf(store);
    expect(first).toMatchObject({
      tables: { api_keys: expect.arrayContaining(['digest', 'revoked_at']), limits: expect.any(Array) },
      applied: expect.arrayContaining(['0001-accounts-and-keys']),
    });
    await store.write((trx) => trx.insertInto('meta').values({ name: 'kept', value: 'yes' }).execute());
    await migrate(store);
    expect(await schemaOf(store)).toEqual(first);
    expect(await store.db.selectFrom('meta').selectAll().execute()).toEqual([{ name: 'kept', value: 'yes' }]);
    await store.close();
  });

  it('of one empty database by four processes at once makes it once', async () => {
    const place = await open();
    await Promise.all([1, 2, 3, 4].map(() => migrateElsewhere(place)));
    const store = openRaw(place);
    const other = openRaw(await open());
    await migrate(other);
    expect(await schemaOf(store)).toEqual(await schemaOf(other));
    await store.close();
    await other.close();
  });

  it('refuses a database of a newer version by the name of what it does not know, and leaves it alone', async () => {
    const store = openRaw(await open());
    await migrate(store);
    await store.write((trx) =>
      sql`insert into schema_migrations (name) values ('9999-from-the-future')`.execute(trx),
    );
    const before = await schemaOf(store);
    await expect(migrate(store)).rejects.toThrow(/newer version \(9999-from-the-future\)/);
    expect(await schemaOf(store)).toEqual(before);
    await store.close();
  });

  it('leaves nothing behind when it fails half way', async () => {
    const store = openRaw(await open());
    // A table in the way of the last thing that the first migration makes.
    await store.write((trx) => sql`create table limits (name text)`.execute(trx));
    await expect(migrate(store)).rejects.toThrow();
    const names = (await store.db.introspection.getTables()).map(({ name }) => name);
    expect(names).toEqual(['limits']);
    await store.write((trx) => sql`drop table limits`.execute(trx));
    await migrate(store);
    await store.close();
  });
});

describeEachEngine('a database', (open) => {
  const masterKey = '07'.repeat(32);

  function settingsFor({ databaseUrl, dataDir }: EmptyStore, LATCHKEY_MASTER_KEY: string) {
    const env = { LATCHKEY_MASTER_KEY, ...(databaseUrl && { LATCHKEY_DATABASE_URL: databaseUrl }) };
    return readSettings(env, { dataDir });
  }

  it('is refused with another master key than the one it was made with, and opened with that one', async () => {
    const place = await open();
    await (await openStore(settingsFor(place, masterKey), log)).store.close();
    const wrong = openStore(settingsFor(place, '08'.repeat(32)), log);
    await expect(wrong).rejects.toThrow(SettingsError);
    await expect(wrong).rejects.toThrow(/^LATCHKEY_MASTER_KEY /);
    await expect(wrong).rejects.not.toThrow(/0[78]0[78]/);
    const { store } = await openStore(settingsFor(place, masterKey), log);
    expect(await store.db.selectFrom('meta').select('name').execute()).toEqual([
      { name: 'master-key-check' },
    ]);
    await store.close();
  });
});
