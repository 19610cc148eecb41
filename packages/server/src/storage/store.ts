import type { CompiledQuery, Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** For reading, inside or outside a transaction. */
export type Reader = Kysely<Tables>;
/** For writing; a function that locks or changes rows takes this, so it cannot be called outside a transaction. */
export type Writer = Transaction<Tables>;

/** What differs between the engines, by name. */
export interface EngineCapabilities {
  readonly engine: 'sqlite' | 'postgres';
  /** The column type for bytes. */
  readonly bytesType: 'blob' | 'bytea';
  /** Makes other processes that migrate wait until this transaction ends; empty where a writer is alone anyway. */
  lockForMigration(trx: Writer): Promise<void>;
  /** Makes the database refuse to change or delete rows of a table. */
  makeAppendOnly(trx: Writer, table: string): Promise<void>;
  /**
   * Has whoever listens on a channel told when this transaction commits; nothing where nobody can listen. A message is
   * shorter than `maxMessageBytes`.
   */
  notify(trx: Writer, channel: string, message: string): Promise<void>;
}

/** What a message of `notify` is shorter than. */
export const maxMessageBytes = 8_000;

/** What comes of listening. */
export interface Hearing {
  onMessage(message: string): void;
  /** From now on messages come; there may have been others before. */
  onReady(): void;
}

/** An ear on a channel. It connects again by itself; what was said in between is missed. */
export interface Listener {
  /** Connects anew, for whoever has found that messages are missed. */
  renew(): void;
  close(): Promise<void>;
}

/**
 * A read whose text was made once. Answers the rows at once where the database is in this process, so that nothing else
 * happens meanwhile. Each call is one statement, which sees one state of the database.
 */
export type HotRead<Row> = (parameters: readonly string[]) => readonly Row[] | Promise<readonly Row[]>;

/** An open database. */
export interface Store {
  readonly capabilities: EngineCapabilities;
  /** Reads only; what runs here sees committed rows and never waits for a writer in this process. */
  readonly db: Reader;
  /**
   * Runs `work` in one transaction and commits when it resolves. On SQLite writers take turns from the start;
   * on PostgreSQL the level is READ COMMITTED, so counted things need a guarded statement or a row lock, and `work`
   * may run again after a deadlock.
   */
  write<Result>(work: (trx: Writer) => Promise<Result>): Promise<Result>;
  /**
   * Listens for what other processes `notify`, over a connection of its own; resolves after the first attempt to
   * connect, whatever came of it. Undefined where the engine tells nobody anything.
   */
  readonly listen: ((channel: string, hearing: Hearing) => Promise<Listener>) | undefined;
  /**
   * Makes a read that is asked for so often that compiling it each time would be most of what it costs. All of its
   * parameters are replaced at each call. `name` is its own among such reads.
   */
  prepareRead<Row>(name: string, query: CompiledQuery<Row>): HotRead<Row>;
  close(): Promise<void>;
}
