import { randomBytes } from 'node:crypto';
import {
  createPostgresDatabase,
  type PostgresDatabase,
  type ServerProcess,
  startServer,
} from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowDevice, browserFor, codeOf, newcomer, whoIs } from './person.ts';

const issuer = 'http://127.0.0.1:4799';
const clientId = 'latchkey-cli';

/** How often each outcome came: `OK`, or the error of the token endpoint. */
function counted(outcomes: readonly { readonly error?: string }[]): Record<string, number> {
  const groups = Object.groupBy(outcomes, ({ error }) => error ?? 'OK');
  return Object.fromEntries(Object.entries(groups).map(([name, all]) => [name, all?.length ?? 0]));
}

describe('two server processes on one PostgreSQL', () => {
  let database: PostgresDatabase;
  let servers: [ServerProcess, ServerProcess];

  beforeAll(async () => {
    database = await createPostgresDatabase();
    const env = {
      LATCHKEY_PUBLIC_URL: issuer,
      LATCHKEY_MASTER_KEY: randomBytes(32).toString('hex'),
    };
    const start = () => startServer({ databaseUrl: database.url, env });
    servers = [await start(), await start()];
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
  });

  async function token(server: ServerProcess, fields: Record<string, string>) {
    const body = new URLSearchParams({ client_id: clientId, ...fields });
    const answer = await fetch(`${server.baseUrl}/oauth/token`, { method: 'POST', body });
    return (await answer.json()) as { error?: string; access_token: string; refresh_token: string };
  }

  /** Signs in on a device that asks the first process, with pages of the second. */
  async function signIn(email: string) {
    const [first, second] = servers;
    const body = new URLSearchParams({ client_id: clientId, scope: 'latchkey' });
    const asked = await fetch(`${first.baseUrl}/oauth/device`, { method: 'POST', body });
    const device = (await asked.json()) as { device_code: string; user_code: string };
    await allowDevice(second.baseUrl, device.user_code, email, issuer);
    return device.device_code;
  }

  const deviceGrant = (code: string) => ({
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: code,
  });
  const refresh = (refreshToken: string) => ({ grant_type: 'refresh_token', refresh_token: refreshToken });

  /** Sixty-four at once, every other one to the other process. */
  const together = (fields: Record<string, string>) =>
    Promise.all(Array.from({ length: 64 }, (_, index) => token(servers[index % 2 ? 0 : 1], fields)));

  it('redeem one device code once', async () => {
    const code = await signIn(newcomer());
    expect(counted(await together(deviceGrant(code)))).toEqual({ OK: 1, invalid_grant: 63 });
  });

  it('let one of two refreshes win, and end the session, since one of the two holds a copy', async () => {
    const { refresh_token: refreshToken, access_token: before } = await token(
      servers[0],
      deviceGrant(await signIn(newcomer())),
    );
    const both = await Promise.all(servers.map((server) => token(server, refresh(refreshToken))));
    expect(counted(both)).toEqual({ OK: 1, invalid_grant: 1 });
    const winner = both.find(({ error }) => error === undefined);
    for (const each of [before, winner?.access_token ?? ''])
      expect(await whoIs(servers[1].baseUrl, each)).toBe(401);
    expect(await token(servers[0], refresh(winner?.refresh_token ?? ''))).toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('let one of 64 refreshes win', async () => {
    const { refresh_token: refreshToken } = await token(servers[0], deviceGrant(await signIn(newcomer())));
    expect(counted(await together(refresh(refreshToken)))).toEqual({ OK: 1, invalid_grant: 63 });
  });

  it('take each step of a sign-in wherever it lands', async () => {
    const email = newcomer();
    const [first, second] = servers;
    const turns = [first, second];
    const browser = browserFor(() => {
      turns.reverse();
      return turns[0]?.baseUrl ?? '';
    }, issuer);
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:9/callback',
      scope: 'latchkey',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
    });
    await browser.open(`/oauth/authorize?${query}`);
    await browser.submit('/email', { email });
    const code = await codeOf(first.baseUrl, email).catch(() => codeOf(second.baseUrl, email));
    await browser.submit('/code', { code });
    await browser.submit('/consent', { decision: 'allow' });
    expect(new URL(browser.leftTo ?? '').searchParams.get('code')).toMatch(/^[\w-]{43}$/);
  });
});
