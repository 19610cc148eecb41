import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import type { Logger } from '../platform/logger.ts';
import { openPostgres } from './postgres.ts';
import { sqliteFile } from './sqlite.ts';

/** Says whether a server has ever started on a database, without making one. */
export async function hasDatabase(
  { dataDir, databaseUrl }: { readonly dataDir: string; readonly databaseUrl: string | undefined },
  log: Logger,
): Promise<boolean> {
  if (databaseUrl === undefined) return existsSync(sqliteFile(dataDir));
  const store = openPostgres(databaseUrl, log);
  try {
    const found = sql<{ name: string | null }>`select to_regclass('schema_migrations')::text as name`;
    return (await found.execute(store.db)).rows[0]?.name != null;
  } finally {
    await store.close();
  }
}
