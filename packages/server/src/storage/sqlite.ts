import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import {
  type CompiledQuery,
  Kysely,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { makeDataFolder } from '../platform/data-folder.ts';
import { createGroupCommit } from './group-commit.ts';
import { SqliteDriver } from './sqlite-driver.ts';
import type { HotRead, Store, Writer } from './store.ts';
import type { Tables } from './tables.ts';
import { openWriteAheadLog } from './write-ahead-log.ts';

const openTimeoutMs = 10_000;

/**
 * Opens one connection. It waits for locks only until it is open, since even switching to WAL can meet one. NORMAL,
 * and no checkpoints of its own, since both are for the log (`write-ahead-log.ts`): a key that was answered must
 * survive a power cut, and nobody has to wait for the disk who writes nothing.
 */
function openFile(path: string, readOnly: boolean): Sqlite.Database {
  const database = new Sqlite(path, { timeout: openTimeoutMs });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.pragma('foreign_keys = ON');
  database.pragma('secure_delete = ON');
  if (readOnly) database.pragma('query_only = ON');
  else {
    database.pragma('busy_timeout = 0');
    database.pragma('wal_autocheckpoint = 0');
  }
  return database;
}

/** Whoever writes to SQLite is alone until the transaction ends: rows need no locks, and it has none to ask for. */
class UnlockedQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier?.startsWith('For')) return;
    super.visitSelectModifier(node);
  }
}

function connect(path: string, readOnly: boolean): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () =>
        new SqliteDriver(() => openFile(path, readOnly), readOnly ? undefined : openWriteAheadLog(path)),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new UnlockedQueryCompiler(),
    },
  });
}

/**
 * Reads that are answered at once, on a connection of their own: that of the others may just then be in a transaction,
 * whose state of the database is an older one.
 */
function createHotReads(path: string) {
  let database: Sqlite.Database | undefined;
  return {
    prepareRead<Row>(_name: string, { sql: text }: CompiledQuery<Row>): HotRead<Row> {
      let statement: Sqlite.Statement<[readonly string[]], Row> | undefined;
      return (parameters) => {
        database ??= openFile(path, true);
        statement ??= database.prepare(text);
        return statement.all(parameters);
      };
    },
    close: () => database?.close(),
  };
}

async function makeAppendOnly(trx: Writer, table: string): Promise<void> {
  for (const change of ['update', 'delete']) {
    const trigger = sql.id(`${table}_no_${change}`);
    await sql`create trigger ${trigger} before ${sql.raw(change)} on ${sql.table(table)}
      begin select raise(abort, 'rows are only ever added here'); end`.execute(trx);
  }
}

/** The database of a data folder. */
export function sqliteFile(dataDir: string): string {
  return join(dataDir, 'latchkey.db');
}

/**
 * Opens, or creates, the database of a data folder. One connection writes and another reads, so that a read
 * never sees an open transaction and never waits for one.
 */
export function openSqlite(dataDir: string): Store {
  makeDataFolder(dataDir);
  const path = sqliteFile(dataDir);
  // Made before SQLite makes it, so that neither it nor its log can be read by other users.
  closeSync(openSync(path, 'a', 0o600));
  const writer = connect(path, false);
  const reader = connect(path, true);
  const hotReads = createHotReads(path);
  return {
    capabilities: {
      engine: 'sqlite',
      bytesType: 'blob',
      lockForMigration: async () => {},
      makeAppendOnly,
      notify: async () => {},
    },
    db: reader,
    write: createGroupCommit(writer),
    listen: undefined,
    prepareRead: hotReads.prepareRead,
    async close() {
      hotReads.close();
      await reader.destroy();
      await writer.destroy();
    },
  };
}
