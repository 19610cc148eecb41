import { join } from 'node:path';
import type { EmptyStore } from '@latchkey/testkit';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';

/** A second pair of eyes on a server's database, while the server runs or after it was killed. */
export interface Database {
  /** Rows of a query that is the same text on both engines. */
  rows<Row>(sql: string): Promise<Row[]>;
  change(sql: string): Promise<void>;
  close(): Promise<void>;
}

function openFile(dataDir: string): Database {
  const file = new Sqlite(join(dataDir, 'latchkey.db'), { timeout: 10_000, fileMustExist: true });
  return {
    rows: async <Row>(sql: string) => file.prepare(sql).all() as Row[],
    change: async (sql) => void file.exec(sql),
    close: async () => void file.close(),
  };
}

async function connect(url: string): Promise<Database> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    rows: async <Row>(sql: string) => (await client.query(sql)).rows as Row[],
    change: async (sql) => void (await client.query(sql)),
    close: () => client.end(),
  };
}

/** Opens the database of a server that has been started on this store at least once. */
export async function openDatabase(store: EmptyStore): Promise<Database> {
  return store.databaseUrl === undefined ? openFile(store.dataDir) : await connect(store.databaseUrl);
}

const instants = {
  otp_challenges: ['created_at', 'expires_at', 'used_at'],
  limits: ['started_at', 'ends_at'],
  api_keys: ['created_at', 'updated_at', 'expires_at', 'last_used_at'],
} as const;

/**
 * Makes everything stored so far that much older, which to the server is the same as waiting: a started process
 * keeps real time, and no test sleeps for a cooldown of 30 seconds.
 */
export async function letTimePass(database: Database, seconds: number): Promise<void> {
  for (const [table, columns] of Object.entries(instants)) {
    const older = columns.map((column) => `${column} = ${column} - ${seconds * 1000}`);
    await database.change(`update ${table} set ${older.join(', ')}`);
  }
}
