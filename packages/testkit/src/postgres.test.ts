import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { createPostgresDatabase } from './postgres.ts';

describe('a PostgreSQL database for a test', () => {
  it('is real: it waits for the disk before it acknowledges', async () => {
    const database = await createPostgresDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    expect((await client.query('show fsync')).rows).toEqual([{ fsync: 'on' }]);
    expect((await client.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
    await client.end();
    await database.drop();
  });

  it('is gone after it was dropped, also while a client is connected', async () => {
    const database = await createPostgresDatabase();
    const client = new Client({ connectionString: database.url });
    const errors: unknown[] = [];
    const cut = new Promise((resolve) => client.on('error', (error) => resolve(errors.push(error))));
    await client.connect();
    await database.drop();
    await cut;
    expect(errors[0]).toMatchObject({ code: '57P01' });
    await expect(new Client({ connectionString: database.url }).connect()).rejects.toMatchObject({
      code: '3D000',
    });
    await database.drop();
  });
});
