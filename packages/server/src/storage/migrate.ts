import { type Kysely, sql } from 'kysely';
import * as accountsAndKeys from './migrations/0001-accounts-and-keys.ts';
import * as oauth from './migrations/0002-oauth.ts';
import * as workspaces from './migrations/0003-workspaces.ts';
import * as audit from './migrations/0004-audit.ts';
import * as rollingLimits from './migrations/0005-rolling-limits.ts';
import * as door from './migrations/0006-door.ts';
import * as verification from './migrations/0007-verification.ts';
import * as idempotency from './migrations/0008-idempotency.ts';
import * as keyActivity from './migrations/0009-key-activity.ts';
import * as dashboardDoor from './migrations/0010-dashboard-door.ts';
import * as reruns from './migrations/0011-reruns.ts';
import * as lastFailure from './migrations/0012-last-failure.ts';
import type { EngineCapabilities, Store, Writer } from './store.ts';

interface Migration {
  up(trx: Writer, capabilities: EngineCapabilities): Promise<void>;
}

/** In order, append only: a released migration is never edited. */
const migrations: readonly (readonly [name: string, migration: Migration])[] = [
  ['0001-accounts-and-keys', accountsAndKeys],
  ['0002-oauth', oauth],
  ['0003-workspaces', workspaces],
  ['0004-audit', audit],
  ['0005-rolling-limits', rollingLimits],
  ['0006-door', door],
  ['0007-verification', verification],
  ['0008-idempotency', idempotency],
  ['0009-key-activity', keyActivity],
  ['0010-dashboard-door', dashboardDoor],
  ['0011-reruns', reruns],
  ['0012-last-failure', lastFailure],
];

interface MigrationTable {
  schema_migrations: { name: string };
}

/**
 * Brings the database up to date in one transaction, so that a crash leaves either the old schema or the new.
 * Safe to call from several processes at once. Throws when the database was written by a newer version.
 */
export async function migrate(store: Store): Promise<void> {
  await store.write(async (trx) => {
    await store.capabilities.lockForMigration(trx);
    await sql`create table if not exists schema_migrations (name text primary key)`.execute(trx);
    const own = trx as unknown as Kysely<MigrationTable>;
    const applied = new Set(
      (await own.selectFrom('schema_migrations').select('name').execute()).map(({ name }) => name),
    );
    const known = new Set(migrations.map(([name]) => name));
    const unknown = [...applied].filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new Error(
        `the database was written by a newer version (${unknown.join(', ')}); start that version instead`,
      );
    }
    for (const [name, migration] of migrations) {
      if (applied.has(name)) continue;
      await migration.up(trx, store.capabilities);
      await own.insertInto('schema_migrations').values({ name }).execute();
    }
  });
}
