import { setTimeout as pause } from 'node:timers/promises';
import { LatchkeyError } from '@latchkey/protocol';
import type Sqlite from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import type { WriteAheadLog } from './write-ahead-log.ts';

const keptStatements = 500;
/** How long a writer waits for one in another process, and how often it looks. */
const lockWaitMs = 10_000;
const maxPauseMs = 20;
/** By how many pages the log grows from one checkpoint to the next; SQLite's own default. */
const checkpointPages = 1_000;
const logPages = CompiledQuery.raw('pragma wal_checkpoint(noop)');

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();

  constructor(database: Sqlite.Database) {
    this.#database = database;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = this.#prepared(query.sql);
    if (statement.reader) return { rows: statement.all(query.parameters) as Row[] };
    const { changes } = statement.run(query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator, and nothing here streams
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not used with SQLite');
  }

  /** Preparing costs more than a point read, so statements are kept by their text. */
  #prepared(sql: string): Sqlite.Statement {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) return kept;
    const statement = this.#database.prepare(sql);
    if (this.#statements.size >= keptStatements) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}

/**
 * One SQLite connection for Kysely: transactions begin IMMEDIATE, so that a writer waits at the start and never
 * fails half way, and connection holders take turns. The wait for a writer in another process is not SQLite's own,
 * which would stop everything else in this one: the connection has to be opened to refuse at once. Nor are its waits
 * for the disk: one that writes comes with its log, must not flush or copy it by itself, and has committed when the
 * log is flushed.
 */
export class SqliteDriver implements Driver {
  readonly #open: () => Sqlite.Database;
  readonly #log: WriteAheadLog | undefined;
  #pagesAtCheckpoint = 0;
  #database: Sqlite.Database | undefined;
  #connection: SqliteConnection | undefined;
  #turn: Promise<void> = Promise.resolve();
  readonly #release = new WeakMap<DatabaseConnection, () => void>();

  constructor(open: () => Sqlite.Database, log?: WriteAheadLog) {
    this.#open = open;
    this.#log = log;
  }

  async init(): Promise<void> {
    this.#database = this.#open();
    this.#connection = new SqliteConnection(this.#database);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    if (this.#connection === undefined) throw new Error('the database is not open');
    this.#release.set(this.#connection, resolve);
    return this.#connection;
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#release.get(connection)?.();
  }

  /** A log that could not be copied as far as it goes, because somebody reads it, is left to grow until the next time. */
  async #keepLogShort(connection: DatabaseConnection, log: WriteAheadLog): Promise<void> {
    const { rows } = await connection.executeQuery<{ log: number }>(logPages);
    const pages = rows[0]?.log ?? 0;
    if (pages < this.#pagesAtCheckpoint) this.#pagesAtCheckpoint = 0;
    if (pages - this.#pagesAtCheckpoint < checkpointPages) return;
    this.#pagesAtCheckpoint = pages;
    await log.checkpoint();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    this.#log?.requireIntact();
    if (this.#log !== undefined) await this.#keepLogShort(connection, this.#log);
    const deadline = performance.now() + lockWaitMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, maxPauseMs)) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
        return;
      } catch (cause) {
        if (!isBusy(cause)) throw cause;
        const internal = 'another process holds the write lock of the database';
        if (performance.now() > deadline) throw new LatchkeyError('UNAVAILABLE', { cause, internal });
      }
      await pause(pauseMs);
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
    await this.#log?.flush();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    await this.#log?.close();
    this.#database?.close();
  }
}
