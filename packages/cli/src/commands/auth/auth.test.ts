import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noServer, ok, type Reply, refused, type TestUser, testUser } from '../../cli-for-tests.ts';

const raw = `cko_EXAMPLE${'x'.repeat(42)}`;
const minted = {
  organizationId: 'org1',
  organizationName: 'Acme Inc',
  apiKey: {
    keyId: 'key1',
    raw,
    keyPrefix: raw.slice(0, 12),
    name: 'CLI default key',
    scopes: ['workflows:trigger', 'projects:read'],
    createdAt: '2026-11-21T00:00:00.000Z',
    expiresAt: '2026-12-21T00:00:00.000Z',
  },
};
const signup = 'auth signup-complete --email you@example.com --code 123456';
const login = 'auth login-complete --email you@example.com --code 123456';
const sent600 = ok({ email: 'you@example.com', expiresInSeconds: 600 });

let user: TestUser;
beforeEach(() => {
  user = testUser();
});
afterEach(() => user.remove());

it.each([signup, login])('%s trims a code that was pasted with spaces', async (line) => {
  const flags = line.split(' ').with(-1, ' 123456\n');
  const run = await user.run(flags, { replies: [ok({ ...minted, isNewUser: true })] });
  expect(run.sent[0]?.body).toMatchObject({ code: '123456' });
});

describe('a request for a code', () => {
  it.each([
    ['signup', '/v1/auth/signup/request'],
    ['login', '/v1/auth/login/request'],
  ])('of %s posts the address alone, without any key', async (journey, path) => {
    user.save({ acme: { apiKey: raw, type: 'org-api-key', baseUrl: 'http://keys.test' } });
    const run = await user.run(`auth ${journey}-request --email you@example.com`, { replies: [sent600] });
    const url = `http://keys.test${path}`;
    expect(run.sent).toEqual([{ method: 'POST', url, key: null, body: { email: 'you@example.com' } }]);
  });

  it('says where the code went, how long it holds, and the command that redeems it', async () => {
    const run = await user.run('auth signup-request --email you@example.com', { replies: [sent600] });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(
      '\n✓ OTP sent\n\n  Email:   you@example.com\n  Expires: in 600s (~10 minutes)\n',
    );
    expect(run.stdout).toContain(
      'latchkey auth signup-complete --email you@example.com --code <6-digit-code>\n',
    );
  });

  it('repeats in that command a server that a flag chose, and quotes what a shell would change', async () => {
    const email = "o'neil@example.com";
    const replies = [ok({ email, expiresInSeconds: 600 })];
    const flags = ['--email', email, '--base-url', 'http://keys.test/'];
    const run = await user.run(['auth', 'login-request', ...flags], { replies });
    expect(run.stdout).toContain(
      "latchkey auth login-complete --email 'o'\\''neil@example.com' --code <6-digit-code> --base-url http://keys.test\n",
    );
  });

  it('says where the code is on a server of this machine that has no SMTP, without asking for the code', async () => {
    const replies = [sent600, { status: 200, body: {} }];
    const run = await user.run('auth signup-request --email you@example.com', { replies });
    const mailbox = 'http://127.0.0.1:4700/local/mailbox/you@example.com';
    expect(run.stderr).toBe(`This server has no SMTP: the code stands in its log and at ${mailbox}\n`);
    expect(run.sent[1]).toEqual({ method: 'HEAD', url: mailbox, key: null, body: undefined });
  });

  it.each([
    ['mails it', '', { status: 404, body: {} }],
    ['is gone meanwhile', '', noServer],
    ['is another machine', '--base-url http://keys.test', { status: 200, body: {} }],
    ['is asked by a program', '--json', { status: 200, body: {} }],
  ])('says nothing about that where the server %s', async (_what, flags, reply) => {
    const line = `auth login-request --email you@example.com ${flags}`;
    expect(await user.run(line, { replies: [sent600, reply] })).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes the address as the server gives it back, stripped of control characters', async () => {
    const replies = [ok({ email: 'a\x1b[2J\u202eb@example.com', expiresInSeconds: 600 })];
    const run = await user.run('auth signup-request --email a@example.com', { replies });
    expect(run.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('posts to a full address when one is given', async () => {
    const line = 'auth signup-request --email a@b.c --api-url http://keys.test/clirequestsignupotp';
    const run = await user.run(line, { replies: [sent600] });
    expect(run.sent[0]).toMatchObject({ method: 'POST', url: 'http://keys.test/clirequestsignupotp' });
    expect(run.stdout).toContain('--base-url http://keys.test\n');
  });
});

describe('a completed code', () => {
  it('sends company and key only when one of their fields is given', async () => {
    const bare = await user.run(signup, { replies: [ok({ ...minted, isNewUser: true })] });
    expect(bare.sent[0]?.body).toEqual({ email: 'you@example.com', code: '123456' });
    const flags = [
      '--company',
      'Acme Inc',
      '--description',
      'd',
      '--key-name',
      'k',
      '--key-expires-in',
      '30',
    ];
    const full = await user.run([...signup.split(' '), ...flags], {
      replies: [ok({ ...minted, isNewUser: true })],
    });
    expect(full.sent[0]?.body).toEqual({
      email: 'you@example.com',
      code: '123456',
      company: { name: 'Acme Inc', description: 'd' },
      apiKey: { name: 'k', expiresInDays: 30 },
    });
  });

  it('sends the organization that a log-in chose', async () => {
    const run = await user.run(`${login} --organization-id org1`, { replies: [ok(minted)] });
    expect(run.sent[0]).toMatchObject({ url: 'http://127.0.0.1:4700/v1/auth/login/complete', key: null });
    expect(run.sent[0]?.body).toMatchObject({ organizationId: 'org1' });
  });

  it('prints profile, organization and key, the secret never', async () => {
    const run = await user.run(login, { replies: [ok(minted)] });
    expect(run.stdout).toMatch(
      /^\n✓ Login complete\n\n {2}Profile: {6}acme-inc \(active\)\n {2}Organization: Acme Inc \(org1\)\n {2}Key name: {5}CLI default key\n {2}Key: {10}cko_EXAM\.\.\.\n {2}Scopes: {7}workflows:trigger, projects:read\n {2}Expires: {6}\S.*\n/,
    );
    expect(run.stdout + run.stderr).not.toContain(raw);
  });

  it('saves everything about the key, the server included, and makes it active', async () => {
    user.save({ other: { apiKey: 'cko_OTHER', type: 'org-api-key', baseUrl: 'http://other.test' } });
    await user.run(`${login} --base-url http://keys.test/`, { replies: [ok(minted)] });
    expect(user.saved().activeProfile).toBe('acme-inc');
    expect(user.saved().profiles['acme-inc']).toEqual({
      apiKey: raw,
      type: 'org-api-key',
      baseUrl: 'http://keys.test',
      organizationId: 'org1',
      organizationName: 'Acme Inc',
      keyId: 'key1',
      keyName: 'CLI default key',
      keyPrefix: raw.slice(0, 12),
      scopes: ['workflows:trigger', 'projects:read'],
      createdAt: '2026-11-21T00:00:00.000Z',
      expiresAt: '2026-12-21T00:00:00.000Z',
    });
  });

  it.each([
    ['the environment', '', { LATCHKEY_BASE_URL: 'http://env.test' }, 'http://env.test'],
    ['a full address', '--api-url http://keys.test/sub/clicompletelogin', {}, 'http://keys.test/sub'],
    ['a full own address', '--api-url http://keys.test/v1/auth/login/complete', {}, 'http://keys.test'],
    ['an unknown full address', '--api-url http://keys.test/x/y', {}, 'http://keys.test'],
    ['the default', '', {}, 'http://127.0.0.1:4700'],
  ])('saves the server with the profile when it comes from %s', async (_what, flags, env, baseUrl) => {
    await user.run(`${login} ${flags}`, { replies: [ok(minted)], env });
    expect(user.saved().profiles['acme-inc']?.baseUrl).toBe(baseUrl);
  });

  it('saves under the name that a person gives', async () => {
    const run = await user.run(`${login} --name work --json`, { replies: [ok(minted)] });
    expect(run.json()).toMatchObject({ data: { profileName: 'work' } });
    expect(Object.keys(user.saved().profiles)).toEqual(['work']);
  });

  it('leaves a log-in without isNewUser, as the contract has it', async () => {
    const run = await user.run(`${login} --json`, { replies: [ok(minted)] });
    expect(run.json()).not.toHaveProperty('data.isNewUser');
    expect(run.stdout + run.stderr).not.toContain(raw);
  });

  it('finds out before it redeems the code that the key could not be saved', async () => {
    writeFileSync(join(user.home, '.config'), '');
    const run = await user.run(`${login} --base-url http://keys.test`, { replies: [ok(minted)] });
    expect(run).toMatchObject({ code: 1, sent: [], stdout: '' });
    expect(run.stderr).toContain(`Cannot write ${user.configFile}`);
  });

  it('does not redeem the code when the saved profiles are damaged', async () => {
    user.save({});
    writeFileSync(user.configFile, '{');
    const run = await user.run(login, { replies: [ok(minted)] });
    expect(run).toMatchObject({ code: 1, sent: [] });
    expect(run.stderr).toContain(`${user.configFile} is damaged`);
  });

  it('prints the secret once on stderr when it turns out at last that it cannot be saved', async () => {
    const breakFolder: Reply = {
      get body() {
        chmodSync(dirname(user.configFile), 0o700);
        writeFileSync(user.configFile, 'damaged meanwhile');
        return ok(minted).body;
      },
    };
    const run = await user.run(`${login} --json`, { replies: [breakFolder] });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr.split(raw)).toHaveLength(2);
    expect(run.stderr).toContain('not shown again');
  });
});

describe('a refusal', () => {
  it('prints code, message, what to do and the request id on stderr', async () => {
    const replies = [refused(409, 'USER_ALREADY_HAS_ORGANIZATION')];
    const run = await user.run('auth signup-request --email a@b.c', { replies });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toBe(
      '\n✗ USER_ALREADY_HAS_ORGANIZATION  Message of USER_ALREADY_HAS_ORGANIZATION.\n  Do this next.\n  Request ID: req-790\n\n',
    );
  });

  it('lists the organizations to choose from, an id and a name each', async () => {
    const organizations = [
      { id: 'org_abc', name: 'Acme' },
      { id: 'org_def', name: 'Beta\x1b[31m Corp' },
    ];
    const replies = [refused(409, 'MULTIPLE_ORGANIZATIONS', { details: { organizations } })];
    const run = await user.run(login, { replies });
    expect(run.stderr).toContain(
      '\n  Available organizations:\n    org_abc  Acme\n    org_def  Beta [31m Corp\n',
    );
  });

  it('says how many attempts are left', async () => {
    const replies = [refused(400, 'OTP_INVALID', { details: { attemptsRemaining: 3 } })];
    expect((await user.run(login, { replies })).stderr).toContain('Attempts remaining: 3');
  });

  it('is JSON with its status on stdout, and nothing on stderr', async () => {
    const replies = [refused(429, 'OTP_RESEND_COOLDOWN', { details: { retryInSeconds: 12 } })];
    const run = await user.run('auth signup-request --email a@b.c --json', { replies });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.json()).toEqual({
      success: false,
      status: 429,
      error: {
        code: 'OTP_RESEND_COOLDOWN',
        message: 'Message of OTP_RESEND_COOLDOWN.',
        nextAction: 'Do this next.',
        details: { retryInSeconds: 12 },
      },
    });
  });

  it('saves nothing', async () => {
    await user.run(login, { replies: [refused(400, 'OTP_INVALID')] });
    expect(existsSync(user.configFile)).toBe(false);
  });
});

describe('a server that cannot be reached', () => {
  it('is named with the address, where it came from and what to do', async () => {
    const run = await user.run('auth signup-request --email a@b.c', { replies: [noServer] });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('✗ network-error  Cannot reach http://127.0.0.1:4700: connection refused.');
    expect(run.stderr).toContain('latchkey serve');
    expect(run.stderr).toContain('default');
  });

  it('is JSON with status 0', async () => {
    const run = await user.run('auth signup-request --email a@b.c --json', { replies: [noServer] });
    expect(run.json()).toMatchObject({ success: false, status: 0, error: { code: 'network-error' } });
  });

  it('is told from one that answers something else', async () => {
    const replies = [{ status: 502, body: '<html>' }];
    const run = await user.run('auth signup-request --email a@b.c --json', { replies });
    expect(run.json()).toMatchObject({ success: false, status: 0, error: { code: 'invalid-response' } });
  });
});

describe('wrong usage', () => {
  it.each([
    ['auth signup-request', 'Missing: --email <email>'],
    ['auth signup-complete --email a@b.c', 'Missing: --code <code>'],
    ['auth login-complete --code 123456', 'Missing: --email <email>'],
    [`${signup} --key-expires-in soon`, '--key-expires-in must be a number, not "soon".'],
    [`${signup} --name a/b`, '--name must be letters'],
    [`${signup} --base-url ftp://x`, '--base-url must be an http or https address'],
    [`${signup} --base-url http://u:secret@x`, '--base-url must not hold a user name or a password.'],
    [`${signup} --api-url keys.test/x`, '--api-url must be an http or https address'],
    [`${signup} --profile x`, 'Unknown flag --profile.'],
    [`${signup} --api-key x`, 'Unknown flag --api-key.'],
  ])('%j exits 2, names the flag and sends nothing', async (line, message) => {
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain('secret');
  });

  it('in the environment is named too', async () => {
    const run = await user.run(signup, { env: { LATCHKEY_BASE_URL: 'nonsense' } });
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('LATCHKEY_BASE_URL must be an http or https address');
  });
});
