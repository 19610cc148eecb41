import { readdirSync } from 'node:fs';
import { describeEachEngine, startTestApp } from '@latchkey/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { adminCreateKey } from './admin-create-key.ts';

const wanted = { family: 'admin', name: 'Operator', scopes: ['api-keys:manage'] } as const;

describeEachEngine('a key made on the host', (open, engine) => {
  afterEach(() => vi.unstubAllEnvs());

  async function openStore() {
    const store = await open();
    vi.stubEnv('LATCHKEY_DATABASE_URL', store.databaseUrl);
    return store;
  }

  it('works on the server that the settings lead to', async () => {
    const store = await openStore();
    const app = await startTestApp(store);
    const { apiKey: key } = await adminCreateKey({ ...wanted, dataDir: store.dataDir });
    expect((await app.call('/v1/whoami', { key })).status).toBe(200);
    await app.close();
  });

  it('is refused where no server has ever started, and nothing is made there', async () => {
    const { dataDir } = await openStore();
    const where =
      engine === 'sqlite' ? `${dataDir}. Name the data folder of the server with --data` : /DATABASE_URL/;
    await expect(adminCreateKey({ ...wanted, dataDir })).rejects.toThrow(where);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
