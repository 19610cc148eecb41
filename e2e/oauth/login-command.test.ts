import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath, type ServerProcess, startServer, temporaryFolder } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, newClient } from '../clients.ts';
import { type Database, openDatabase } from '../database.ts';
import { transcript } from '../transcript.ts';
import { allowDevice, newcomer } from './person.ts';

const desktop = { CI: '', SSH_CONNECTION: '', SSH_CLIENT: '', SSH_TTY: '', DISPLAY: ':0' };

interface SavedSession {
  expiresAt: string;
  refreshToken: string;
}

let server: ServerProcess;
let database: Database;
beforeAll(async () => {
  server = await startServer();
  database = await openDatabase({ engine: 'sqlite', dataDir: server.dataDir, databaseUrl: undefined });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

function program(name: string): string {
  return `${process.execPath} ${projectPath(`e2e/oauth/${name}`)}`;
}

function configFile(client: Client): string {
  return join(client.home, '.config/latchkey/config.json');
}

async function signedIn(email = newcomer()): Promise<Client> {
  const client = newClient('latchkey', server.baseUrl);
  const env = { ...desktop, BROWSER: program('browser-program.ts'), PERSON_EMAIL: email };
  const login = await client.run(['login'], env);
  expect(login).toMatchObject({ code: 0, stdout: `✓ Logged in as ${email}\n` });
  return client;
}

async function founded(client: Client): Promise<void> {
  for (const line of [
    ['organization', 'create', '--name', 'Acme'],
    ['use', '--organization', 'Acme'],
    ['workspace', 'create', '--name', 'Payments', '--slug', 'payments'],
  ]) {
    expect(await client.run(line)).toMatchObject({ code: 0 });
  }
}

const example = 'key create --name github-actions-deploy --workspace payments --scope developer'.split(' ');

/** What the page of `key create` shows, with what differs per run masked. */
const shown = [
  'Created key: github-actions-deploy',
  expect.stringMatching(/^Fingerprint: [0-9a-f]{4}\.\.\.[0-9a-f]{4}$/),
  'Workspace: payments',
  'Scope: developer',
  '⚠ Save this secret now. It will not be shown again.',
  expect.stringMatching(/^ck_dev_[0-9a-f]{4}_[0-9A-Za-z]{47}$/),
];

/** Runs `latchkey login` where there is no browser; what it says is read while it waits. */
async function loginWithoutBrowser(client: Client, email: string) {
  const command = projectPath('packages/cli/bin/latchkey.js');
  const env = { PATH: process.env.PATH, HOME: client.home, XDG_CONFIG_HOME: `${client.home}/.config` };
  const child = spawn(process.execPath, [command, 'login', '--base-url', server.baseUrl], {
    env: { ...env, SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const text of child.stderr.setEncoding('utf8')) {
    stderr += text;
    const userCode = /enter the code: {2}(\S+)/.exec(text)?.[1];
    if (userCode !== undefined) await allowDevice(server.baseUrl, userCode, email);
  }
  return { code: await ended, stdout, stderr };
}

describe('the example of the key create page', () => {
  it('works as printed on a desktop with a browser', async () => {
    const client = await signedIn();
    await founded(client);
    const created = await client.run(example);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(transcript(created.stdout)).toEqual(shown);
  });

  it('works as printed in a shell without a browser', async () => {
    const client = newClient('latchkey', server.baseUrl);
    const email = newcomer();
    const login = await loginWithoutBrowser(client, email);
    expect(login).toMatchObject({ code: 0, stdout: `✓ Logged in as ${email}\n` });
    expect(login.stderr.split('\n')[0]).toBe(
      'Signing in with a code, as this shell runs over SSH (--browser uses the browser here).',
    );
    await founded(client);
    const created = await client.run(example);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(transcript(created.stdout)).toEqual(shown);
  }, 30_000);
});

describe('latchkey login in Chromium', () => {
  it('signs in, and tells the person to go back to the terminal', async () => {
    const client = newClient('latchkey', server.baseUrl);
    const email = newcomer();
    const shownIn = join(temporaryFolder('chromium'), 'shown.txt');
    const named = { BROWSER: program('chromium-program.ts'), PERSON_EMAIL: email, SHOWN_IN: shownIn };
    const login = await client.run(['login'], { ...desktop, ...named });
    expect(login).toMatchObject({ code: 0, stdout: `✓ Logged in as ${email}\n` });
    await expect
      .poll(() => existsSync(shownIn) && readFileSync(shownIn, 'utf8'), { timeout: 10_000 })
      .toBe('Latchkey\n\nYou can close this page and go back to your terminal.');
  }, 60_000);
});

describe('a session that 64 commands renew at once', () => {
  const liveTokens = "select count(*) as count from oauth_records where kind = 'RefreshToken'";

  it('stays, and its refresh token is spent once', async () => {
    const client = await signedIn();
    const config = JSON.parse(readFileSync(configFile(client), 'utf8'));
    const session: SavedSession = config.sessions[server.baseUrl];
    const { refreshToken } = session;
    session.expiresAt = '2026-01-01T00:00:00.000Z';
    writeFileSync(configFile(client), JSON.stringify(config));
    const [before] = await database.rows<{ count: number }>(liveTokens);
    const runs = await Promise.all(Array.from({ length: 64 }, () => client.run(['whoami'])));
    expect(runs.filter(({ code, stderr }) => code !== 0 || stderr !== '')).toEqual([]);
    const [after] = await database.rows<{ count: number }>(liveTokens);
    expect(Number(after?.count) - Number(before?.count)).toBe(1);
    const saved = JSON.parse(readFileSync(configFile(client), 'utf8')).sessions[server.baseUrl];
    expect(saved.refreshToken).not.toBe(refreshToken);
    expect((await client.run(['whoami'])).code).toBe(0);
  }, 120_000);
});
