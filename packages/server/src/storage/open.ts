import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import type { Logger } from '../platform/logger.ts';
import { SettingsError } from '../platform/settings-error.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite, sqliteFile } from './sqlite.ts';
import type { Store } from './store.ts';

/** Where the database is: `postgres://…`, or else SQLite in the data folder. */
export interface DatabaseSettings {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}

/** The driver's message may repeat host, user or database of the URL; its code cannot. */
function unusable({ dataDir, databaseUrl }: DatabaseSettings, error: unknown): SettingsError {
  const { code, message } = error as { code?: string; message: string };
  return new SettingsError([
    databaseUrl === undefined
      ? `${sqliteFile(dataDir)} cannot be used as the database (${message}). If it is damaged, restore it from a backup.`
      : `LATCHKEY_DATABASE_URL leads to no database that answers (${code ?? 'no answer in time'}). Start the database or correct the setting.`,
  ]);
}

/** Opens the database and has it answer; throws `SettingsError` when it does not. */
export async function openDatabase(settings: DatabaseSettings, log: Logger): Promise<Store> {
  const { dataDir, databaseUrl } = settings;
  const store = databaseUrl === undefined ? openSqlite(dataDir) : openPostgres(databaseUrl, log);
  try {
    await sql`select 1`.execute(store.db);
    return store;
  } catch (error) {
    await store.close();
    throw unusable(settings, error);
  }
}

/** Says whether a server has ever started on the database, without making one. */
export async function hasDatabase(settings: DatabaseSettings, log: Logger): Promise<boolean> {
  if (settings.databaseUrl === undefined) return existsSync(sqliteFile(settings.dataDir));
  const store = await openDatabase(settings, log);
  try {
    return (await store.db.introspection.getTables()).some(({ name }) => name === 'schema_migrations');
  } finally {
    await store.close();
  }
}
