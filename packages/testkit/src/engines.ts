import { afterAll, describe } from 'vitest';
import { createPostgresDatabase, type PostgresDatabase } from './postgres.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The database engines that every rule must hold on. */
export const engines = ['sqlite', 'postgres'] as const;
export type Engine = (typeof engines)[number];

/** A fresh, empty place for a server to keep its state. */
export interface EmptyStore {
  readonly engine: Engine;
  /** An empty folder; holds the database file too when the engine is SQLite. */
  readonly dataDir: string;
  /** Only for PostgreSQL; without it a server uses SQLite in `dataDir`. */
  readonly databaseUrl: string | undefined;
}

/** Makes a new empty store of the engine under test; safe to call many times and concurrently. */
export type OpenStore = () => Promise<EmptyStore>;

/**
 * Declares the same tests once per engine. `define` gets a function that makes empty stores; they are removed
 * after its own `afterAll` hooks have run, so connections are closed there first.
 */
export function describeEachEngine(name: string, define: (open: OpenStore, engine: Engine) => void): void {
  describe.each(engines)(`${name} on %s`, (engine) => {
    const databases: PostgresDatabase[] = [];
    // Registered before the tests' own hooks: vitest runs them last to first.
    afterAll(async () => {
      await Promise.all(databases.map((database) => database.drop()));
    });
    define(async () => {
      const dataDir = temporaryFolder('data');
      if (engine === 'sqlite') return { engine, dataDir, databaseUrl: undefined };
      const database = await createPostgresDatabase();
      databases.push(database);
      return { engine, dataDir, databaseUrl: database.url };
    }, engine);
  });
}
