import { type CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Logger } from '../platform/logger.ts';
import { createListening } from './postgres-listener.ts';
import type { HotRead, Store, Writer } from './store.ts';
import type { Tables } from './tables.ts';

const poolSize = 10;
const connectTimeoutMs = 10_000;
/** Any fixed number: it names the migration of this product among the advisory locks of the database. */
const migrationLock = 4_700_001;

/** Instants are kept in bigint columns and stay far below 2^53. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8) return Number;
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  },
};

async function makeAppendOnly(trx: Writer, table: string): Promise<void> {
  await sql`create or replace function latchkey_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'rows are only ever added here'; end $$`.execute(trx);
  await sql`create trigger ${sql.id(`${table}_append_only`)} before update or delete or truncate on ${sql.table(table)}
    for each statement execute function latchkey_append_only()`.execute(trx);
}

const deadlockDetected = '40P01';
const maxAttempts = 5;

/**
 * Runs a transaction, anew when it was the one that PostgreSQL ended to undo a deadlock: nothing of it has happened.
 * Rows are held in one order wherever that is known (a caller's key, the organization, what is changed), so this is rare.
 */
async function write<Result>(db: Kysely<Tables>, work: (trx: Writer) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const isDeadlock = error instanceof pg.DatabaseError && error.code === deadlockDetected;
      if (!isDeadlock || attempt === maxAttempts) throw error;
    }
  }
}

/** Opens a pool; connections are made when they are needed. */
export function openPostgres(url: string, log: Logger): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    types: types as pg.CustomTypesConfig,
  });
  // One that breaks must not end the process: the pool tells of idle ones, a transaction between two of its statements
  // is told by nobody but the connection. The next query opens another.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'));
  });
  pool.on('error', () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    capabilities: {
      engine: 'postgres',
      bytesType: 'bytea',
      async lockForMigration(trx) {
        await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(trx);
      },
      makeAppendOnly,
      async notify(trx, channel, message) {
        await sql`select pg_notify(${channel}, ${message})`.execute(trx);
      },
    },
    db,
    write: (work) => write(db, work),
    listen: createListening({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs }, log),
    prepareRead<Row>(name: string, { sql: text }: CompiledQuery<Row>): HotRead<Row> {
      return async (values) => (await pool.query({ name, text, values: [...values] })).rows as Row[];
    },
    close: () => db.destroy(),
  };
}
