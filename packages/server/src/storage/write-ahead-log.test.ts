import { statSync, writeFileSync } from 'node:fs';
import { temporaryFolder } from '@latchkey/testkit';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { openSqlite, sqliteFile } from './sqlite.ts';
import { SqliteDriver } from './sqlite-driver.ts';
import type { Store, Writer } from './store.ts';
import type { Tables } from './tables.ts';
import { openWriteAheadLog, type WriteAheadLog } from './write-ahead-log.ts';

const pageBytes = 4_096;
/** As many as one checkpoint is made after, and as many again for one that is late. */
const maxLogBytes = 2 * 1_000 * pageBytes;

function insert(name: string, value = '') {
  return (trx: Writer) => trx.insertInto('meta').values({ name, value }).execute();
}

describe('the log of a SQLite store', () => {
  let path: string;
  let store: Store;
  let written = 0;
  beforeEach(async () => {
    const dataDir = temporaryFolder('log');
    path = sqliteFile(dataDir);
    store = openSqlite(dataDir);
    await migrate(store);
  });
  afterEach(() => store.close());

  /** A value fills a page, and so does its place in the index. */
  async function write(rows: number): Promise<void> {
    for (let row = 0; row < rows; row += 10) {
      const values = Array.from({ length: 10 }, () => `${++written}`.padStart(pageBytes, '0'));
      await store.write(async (trx) => {
        for (const value of values) await insert(value, value)(trx);
      });
    }
  }

  const logBytes = () => statSync(`${path}-wal`).size;

  it('stays short, however much is written', async () => {
    await write(1_500);
    expect(statSync(path).size).toBeGreaterThan(1_000 * pageBytes);
    expect(logBytes()).toBeLessThan(maxLogBytes);
  });

  it('grows while somebody reads an old state, who still sees it, and is short again afterwards', async () => {
    const other = new Sqlite(path, { readonly: true });
    other.exec('begin');
    const count = other.prepare('select count(*) from meta').pluck();
    const before = count.get();
    await write(1_500);
    expect(count.get()).toBe(before);
    expect(logBytes()).toBeGreaterThan(maxLogBytes);
    other.close();
    await write(500);
    const grown = logBytes();
    await write(1_000);
    expect(logBytes()).toBe(grown);
  });
});

describe('a commit', () => {
  let log: WriteAheadLog & { ended: PromiseWithResolvers<void>; asked: PromiseWithResolvers<void> };
  let db: Kysely<Tables>;
  beforeEach(async () => {
    const [ended, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const flush = () => {
      asked.resolve();
      return ended.promise;
    };
    const nothing = async () => {};
    log = { ended, asked, flush, requireIntact() {}, checkpoint: nothing, close: nothing };
    const open = () => new Sqlite(':memory:').exec('create table meta (name text, value text)');
    db = new Kysely({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new SqliteDriver(open, log),
        createIntrospector: (of) => new SqliteIntrospector(of),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    });
  });
  afterEach(() => db.destroy());

  it('is told to nobody before the log is flushed', async () => {
    let isTold = false;
    const written = createGroupCommit(db)(insert('one')).then(() => {
      isTold = true;
    });
    await log.asked.promise;
    await new Promise(setImmediate);
    expect(isTold).toBe(false);
    log.ended.resolve();
    await written;
  });

  it('fails where the flush does, for all of its group', async () => {
    const write = createGroupCommit(db);
    const written = Promise.allSettled([write(insert('one')), write(insert('two'))]);
    await log.asked.promise;
    log.ended.reject(new Error('no disk'));
    for (const outcome of await written) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'no disk' } });
    }
  });
});

it('after a flush that failed nothing counts as written, even if the next one would succeed', async () => {
  const path = sqliteFile(temporaryFolder('flush'));
  const log = openWriteAheadLog(path);
  log.requireIntact();
  await expect(log.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  writeFileSync(`${path}-wal`, '');
  await expect(log.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(() => log.requireIntact()).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  await log.close();
});
