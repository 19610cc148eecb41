import { createByOperator, createDeps, createLogger, type Deps, readSettings } from '@latchkey/server';
import { describeEachEngine, type ServerProcess, startServer } from '@latchkey/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { overHttp } from '../calls-for-tests.ts';
import type { Receipt } from './revocations.ts';

/** Two servers are started for each, and some are waited for. */
const timeout = 90_000;

/** Processes of their own, since what is stopped or killed here is a whole process. */
describeEachEngine('server processes', (open) => {
  let deps: Deps;
  let servers: ServerProcess[];
  let admin: string;

  beforeEach(async () => {
    const { dataDir, databaseUrl } = await open();
    servers = [await startServer({ dataDir, databaseUrl }), await startServer({ dataDir, databaseUrl })];
    const env = databaseUrl === undefined ? {} : { LATCHKEY_DATABASE_URL: databaseUrl };
    deps = await createDeps(readSettings(env, { dataDir }), { log: createLogger('silent') });
    admin = (await mint()).apiKey;
  });
  afterEach(async () => {
    await deps.close();
    await Promise.all(servers.map((server) => server.kill()));
  });

  const mint = () => createByOperator(deps, { family: 'admin', name: 'Key', scopes: ['api-keys:manage'] });

  async function isAccepted(server: ServerProcess | undefined, key: string): Promise<boolean> {
    return (await overHttp(server?.baseUrl ?? '').call('/v1/whoami', { key })).status === 200;
  }

  /** By the first server, after both have come to know the key. */
  async function revokeKnown(beforehand: () => void = () => {}) {
    const { keyId, apiKey } = await mint();
    expect(await isAccepted(servers[0], apiKey)).toBe(true);
    expect(await isAccepted(servers[1], apiKey)).toBe(true);
    beforehand();
    return { apiKey, receipt: await revoke(keyId) };
  }

  async function revoke(keyId: string): Promise<Receipt> {
    const { call } = overHttp(servers[0]?.baseUrl ?? '');
    const answer = await call(`/v1/keys/${keyId}/revoke`, { body: {}, key: admin });
    return (answer.body.data as { receipt: Receipt }).receipt;
  }

  const outcomes = ({ holders }: Receipt) => holders.map(({ outcome }) => outcome).sort();
  const tookMs = ({ committedAt, completedAt }: Receipt) => Date.parse(completedAt) - Date.parse(committedAt);

  it('have all forgotten a key when its revocation is answered', { timeout }, async () => {
    const { apiKey, receipt } = await revokeKnown();
    expect(outcomes(receipt)).toEqual(['confirmed', 'confirmed']);
    expect(await Promise.all(servers.map((server) => isAccepted(server, apiKey)))).toEqual([false, false]);
  });

  it('that are stopped are waited for once, and accept nothing from memory when they go on', {
    timeout,
  }, async () => {
    const stopped = servers[1]?.pid ?? 0;
    const { apiKey, receipt } = await revokeKnown(() => process.kill(stopped, 'SIGSTOP'));
    expect(outcomes(receipt)).toEqual(['confirmed', 'lease-ended']);
    expect(tookMs(receipt)).toBeGreaterThanOrEqual(4_000);
    expect(outcomes(await revoke((await mint()).keyId))).toEqual(['confirmed']);
    process.kill(stopped, 'SIGCONT');
    expect(await isAccepted(servers[1], apiKey)).toBe(false);
  });

  it('that are killed are waited for once', { timeout }, async () => {
    const killed = servers[1]?.pid ?? 0;
    const { receipt } = await revokeKnown(() => process.kill(killed, 'SIGKILL'));
    expect(outcomes(receipt)).toEqual(['confirmed', 'lease-ended']);
    expect(tookMs(receipt)).toBeGreaterThanOrEqual(4_000);
    expect(outcomes(await revoke((await mint()).keyId))).toEqual(['confirmed']);
  });

  it('that end in order are not waited for', { timeout }, async () => {
    const { keyId, apiKey } = await mint();
    expect(await isAccepted(servers[0], apiKey)).toBe(true);
    expect(await isAccepted(servers[1], apiKey)).toBe(true);
    await servers[1]?.stop();
    expect(outcomes(await revoke(keyId))).toEqual(['confirmed']);
  });
});
