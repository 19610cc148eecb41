import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  describeEachEngine,
  ServerNotStarted,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '@latchkey/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { call, dataOf } from './http-client.ts';

const running: ServerProcess[] = [];

async function start(options: Parameters<typeof startServer>[0] = {}): Promise<ServerProcess> {
  const server = await startServer(options);
  running.push(server);
  return server;
}

async function refusedStart(options: Parameters<typeof startServer>[0]): Promise<ServerNotStarted> {
  const outcome: unknown = await start(options).catch((error: unknown) => error);
  if (outcome instanceof ServerNotStarted) return outcome;
  throw new Error('the server started', { cause: outcome });
}

async function mailboxCode(baseUrl: string, email: string): Promise<string> {
  const response = await fetch(`${baseUrl}/local/mailbox/${email}`);
  const { data } = (await response.json()) as { data: { messages: { code: string }[] } };
  return data.messages[0]?.code ?? 'no message';
}

async function signUp(baseUrl: string, email: string): Promise<string> {
  dataOf(await call('otp.requestSignup', `${baseUrl}/v1/auth/signup/request`, { email }));
  const code = await mailboxCode(baseUrl, email);
  const url = `${baseUrl}/v1/auth/signup/complete`;
  return dataOf(await call('otp.completeSignup', url, { email, code })).apiKey.raw;
}

async function isGone(url: string): Promise<boolean> {
  return await fetch(url).then(
    () => false,
    () => true,
  );
}

/** A request whose head has reached the server, which waits for the body. */
async function halfSentRequest(url: string, body: string): Promise<ClientRequest> {
  const sending = request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      expect: '100-continue',
    },
  });
  const accepted = new Promise((resolve, reject) => sending.once('continue', resolve).once('error', reject));
  sending.flushHeaders();
  await accepted;
  return sending;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.kill()));
});

describeEachEngine('a first start', (open) => {
  it('listens, says so, and is alive and ready', async () => {
    const server = await start(await open());
    expect(server.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/);
    expect((await fetch(`${server.baseUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.baseUrl}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${server.baseUrl}/metrics`)).text()).toMatch(/^# HELP /m);
  });

  it('makes a master key that only its owner can read and that no log shows', async () => {
    const server = await start(await open());
    const file = join(server.dataDir, 'master.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await signUp(server.baseUrl, 'a@example.test');
    expect(await server.stop()).toBe(0);
    const masterKey = readFileSync(file, 'utf8').trim();
    expect(masterKey.length).toBeGreaterThan(31);
    expect(server.logs()).not.toContain(masterKey);
  });

  it('is followed by later ones that know every key of the earlier', async () => {
    const store = await open();
    const first = await start(store);
    const key = await signUp(first.baseUrl, 'a@example.test');
    expect(await first.stop()).toBe(0);
    const second = await start(store);
    const url = `${second.baseUrl}/v1/whoami`;
    const answer = await call('keys.whoami', url, undefined, { key, method: 'GET' });
    expect(dataOf(answer)).toMatchObject({ type: 'org-api-key', organizationName: 'My Organization' });
  });

  it('ends at SIGTERM with 0 and no longer listens', async () => {
    const server = await start(await open());
    expect(await server.stop()).toBe(0);
    expect(await isGone(`${server.baseUrl}/healthz`)).toBe(true);
  });

  it('answers what it was asked before SIGTERM, and then ends with 0', async () => {
    const server = await start(await open());
    const body = JSON.stringify({ email: 'a@example.test' });
    const sending = await halfSentRequest(`${server.baseUrl}/v1/auth/signup/request`, body);
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    const stopped = server.stop();
    await server.logged('draining');
    sending.end(body);
    const [response] = await answered;
    expect(JSON.parse(await text(response))).toMatchObject({
      success: true,
      data: { email: 'a@example.test' },
    });
    // Without this the end waits for a client that keeps its connection.
    expect(response.headers.connection).toBe('close');
    expect(await stopped).toBe(0);
  });
});

describe('a start that would be unsafe', () => {
  it('is refused when others can read the master key, naming the file and the remedy', async () => {
    const dataDir = temporaryFolder('data');
    await (await start({ dataDir })).stop();
    const file = join(dataDir, 'master.key');
    chmodSync(file, 0o644);
    const refused = await refusedStart({ dataDir });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain(file);
    expect(refused.stderr).toContain('chmod 600');
    chmodSync(file, 0o600);
    await start({ dataDir });
  });

  it('is refused when the master key is not one, and the file is left as it is', async () => {
    const dataDir = temporaryFolder('data');
    const file = join(dataDir, 'master.key');
    writeFileSync(file, 'not a key', { mode: 0o600 });
    const refused = await refusedStart({ dataDir });
    expect(refused.stderr).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe('not a key');
  });

  it('is refused when mail has nowhere to go but the server can be reached from elsewhere', async () => {
    const refused = await refusedStart({ env: { LATCHKEY_PUBLIC_URL: 'https://keys.example.test' } });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain('LATCHKEY_SMTP_URL');
  });

  it('is refused with another master key than the one its keys were made with', async () => {
    const dataDir = temporaryFolder('data');
    await (await start({ dataDir })).stop();
    const refused = await refusedStart({ dataDir, env: { LATCHKEY_MASTER_KEY: 'ab'.repeat(32) } });
    expect(refused.stderr).toMatch(/master key/i);
    expect(refused.stderr).not.toContain('ab'.repeat(32));
  });

  it.each([
    ['LATCHKEY_DATABASE_URL', 'mysql://root:hunter2@db.example.test/x'],
    ['LATCHKEY_SMTP_URL', 'http://mail.example.test'],
    ['LATCHKEY_MAIL_FROM', 'nobody'],
    ['LATCHKEY_MASTER_KEY', 'hunter2'],
    ['LATCHKEY_TRUSTED_PROXIES', '10.0.0.0/64'],
    ['LATCHKEY_PUBLIC_URL', 'keys.example.test'],
    ['LATCHKEY_LOG_LEVEL', 'loud'],
    ['LATCHKEY_IDENTITY', 'ldap'],
    ['LATCHKEY_REDIS_URL', 'http://redis.example.test'],
    ['LATCHKEY_N8N_BASE_URL', 'ftp://n8n.example.test'],
  ])('is refused with a wrong %s, which it names without its value', async (name, value) => {
    const dataDir = join(temporaryFolder('data'), 'new');
    const refused = await refusedStart({ dataDir, env: { [name]: value } });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain(name);
    expect(refused.stderr).not.toContain(value);
    expect(existsSync(dataDir) ? readdirSync(dataDir) : []).toEqual([]);
  });

  it('is refused with every wrong setting named at once', async () => {
    const refused = await refusedStart({
      env: { LATCHKEY_LOG_LEVEL: 'loud', LATCHKEY_SMTP_URL: 'nowhere', LATCHKEY_PUBLIC_URL: 'x' },
    });
    for (const name of ['LATCHKEY_LOG_LEVEL', 'LATCHKEY_SMTP_URL', 'LATCHKEY_PUBLIC_URL'])
      expect(refused.stderr).toContain(name);
  });
});
