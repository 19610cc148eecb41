import type { Kysely, Transaction } from 'kysely';
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
}

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
  close(): Promise<void>;
}
