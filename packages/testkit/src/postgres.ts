import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import type {} from './global-setup.ts';

/** An empty database of the run's PostgreSQL. */
export interface PostgresDatabase {
  readonly url: string;
  /** Ends what is still connected to it and removes it; a second call does nothing. */
  drop(): Promise<void>;
}

async function runOnMaintenance(sql: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Makes a fresh database; only inside a test run, whose global set-up started the server. */
export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  const name = `latchkey_${randomBytes(8).toString('hex')}`;
  await runOnMaintenance(`create database ${name}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = name;
  return {
    url: url.href,
    drop: () => runOnMaintenance(`drop database if exists ${name} with (force)`),
  };
}
