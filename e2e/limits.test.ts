import { randomBytes, randomInt } from 'node:crypto';
import type { Counting } from '@latchkey/protocol';
import {
  createPostgresDatabase,
  type PostgresDatabase,
  runLatchkey,
  type ServerProcess,
  startServer,
} from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, dataOf } from './http-client.ts';
import { Crowd } from './limits-crowd.ts';

const processes = 8;
const callers = 64;
const crashes = 2;
const limit = 1_500;
const slice = limit / 100;

const scopes = ['organizations:create', 'api-keys:manage'];

/** An organization, with a key that makes keys and one that verifies them. */
async function setUp({ baseUrl, dataDir, env }: ServerProcess) {
  const wanted = ['--family', 'admin', '--name', 'e2e', '--scopes', scopes.join(','), '--json'];
  const made = await runLatchkey(['admin', 'create-key', ...wanted, '--data', dataDir], { env });
  const { data } = JSON.parse(made.stdout) as { data: { apiKey: string } };
  const admin = { key: data.apiKey };
  const url = `${baseUrl}/v1/organizations`;
  const { organizationId } = dataOf(await call('organizations.create', url, { name: 'Acme' }, admin));
  const keysUrl = `${url}/${organizationId}/keys`;
  const mint = async (request: object) => {
    const answer = await call('keys.createForOrganization', keysUrl, { name: 'e2e', ...request }, admin);
    return dataOf(answer).apiKey;
  };
  return { mint, verifier: await mint({ scopes: ['keys:verify'] }) };
}

describe(`${processes} servers with ${callers} callers each, on one PostgreSQL`, () => {
  let database: PostgresDatabase;
  /** Nobody uses it: keys are made there. */
  let office: ServerProcess;
  let crowds: readonly Crowd[];
  let tenant: Awaited<ReturnType<typeof setUp>>;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    const env = { LATCHKEY_MASTER_KEY: randomBytes(32).toString('hex'), LATCHKEY_LOG_LEVEL: 'warn' };
    const start = () => startServer({ databaseUrl: database.url, env });
    office = await start();
    tenant = await setUp(office);
    crowds = Array.from({ length: processes }, () => new Crowd(start));
    await Promise.all(crowds.map((crowd) => crowd.isReady()));
  });
  afterAll(async () => {
    await Promise.all([office.stop(), ...crowds.map((crowd) => crowd.stop())]);
    await database.drop();
  });

  /** Everybody uses a new key up while some servers are killed; answers how many uses were accepted. */
  async function useUp(counting: Counting, killed: number): Promise<number> {
    const limits = [{ requests: limit, windowSeconds: 3_600, counting }];
    const key = await tenant.mint({ scopes: ['workflows:trigger'], limits });
    const at = new Set<number>();
    while (at.size < killed) at.add(randomInt(limit / 10, limit / 2));
    const crashed: Promise<void>[] = [];
    let accepted = 0;
    const onAccepted = () => {
      accepted += 1;
      const victim = at.has(accepted) ? crowds[crashed.length] : undefined;
      if (victim !== undefined) crashed.push(victim.crash());
    };
    const question = { key: tenant.verifier, body: { key } };
    await Promise.all(crowds.map((crowd) => crowd.useUp(question, callers, onAccepted)));
    await Promise.all(crashed);
    return accepted;
  }

  it('accept exactly the limit where it is exact', async () => {
    expect(await useUp('exact', 0)).toBe(limit);
  });

  it('never accept more than an exact limit where some are killed, and lose only what was being answered', async () => {
    const accepted = await useUp('exact', crashes);
    expect(accepted).toBeLessThanOrEqual(limit);
    expect(accepted).toBeGreaterThanOrEqual(limit - crashes * callers);
  });

  it('never accept more than a fast limit, and refuse early by no more than the slices of the others', async () => {
    const accepted = await useUp('fast', 0);
    expect(accepted).toBeLessThanOrEqual(limit);
    expect(accepted).toBeGreaterThanOrEqual(limit - (processes - 1) * slice);
  });

  it('never accept more than a fast limit where some are killed, and lose a slice for each besides', async () => {
    const accepted = await useUp('fast', crashes);
    expect(accepted).toBeLessThanOrEqual(limit);
    expect(accepted).toBeGreaterThanOrEqual(limit - (processes - 1 + crashes) * slice - crashes * callers);
  });
});
