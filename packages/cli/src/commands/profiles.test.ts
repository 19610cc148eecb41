import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noServer, ok, type Reply, refused, type TestUser, testUser } from '../cli-for-tests.ts';

const raw = `cko_EXAMPLE${'x'.repeat(42)}`;
const who = {
  type: 'org-api-key',
  organizationId: 'org1',
  organizationName: 'Acme Inc',
  keyId: 'key1',
  keyName: 'CLI default key',
  keyPrefix: raw.slice(0, 12),
  scopes: ['workflows:trigger', 'projects:read'],
  createdAt: '2026-11-01T00:00:00.000Z',
};
const { keyId, keyName, keyPrefix, scopes, createdAt, organizationId, organizationName } = who;
const acme = {
  apiKey: raw,
  type: 'org-api-key',
  baseUrl: 'http://keys.test',
  organizationId,
  organizationName,
  keyId,
  keyName,
  keyPrefix,
  scopes,
  createdAt,
} as const;
const adminKey = `cka_EXAMPLE${'y'.repeat(42)}`;
const operator = { apiKey: adminKey, type: 'admin-api-key', baseUrl: 'http://admin.test' } as const;

let user: TestUser;
beforeEach(() => {
  user = testUser();
});
afterEach(() => user.remove());

describe.each(['login', 'config set'])('%s', (login) => {
  it('verifies the key, saves it with its server and prints what the server says, never the secret', async () => {
    const run = await user.run(`${login} --api-key - --base-url http://keys.test/`, {
      replies: [ok(who)],
      input: `${raw}\n`,
    });
    expect(run.code).toBe(0);
    expect(run.sent).toEqual([
      { method: 'GET', url: 'http://keys.test/v1/whoami', key: raw, body: undefined },
    ]);
    expect(run.stdout).toBe(
      '\n✓ Logged in successfully\n\n  Profile:      acme-inc (active)\n  Organization: Acme Inc\n  Key name:     CLI default key\n  Key:          cko_EXAM...\n  Scopes:       workflows:trigger, projects:read\n  Base URL:     http://keys.test\n\n',
    );
    expect(run.stderr).toBe('\nVerifying API key...\n');
    expect(user.saved()).toEqual({ activeProfile: 'acme-inc', profiles: { 'acme-inc': acme } });
  });

  it('prints JSON without the secret', async () => {
    const run = await user.run(`${login} --api-key ${raw} --name work --json`, { replies: [ok(who)] });
    const { apiKey: _key, ...facts } = acme;
    expect(run.json()).toEqual({
      success: true,
      data: { profileName: 'work', ...facts, baseUrl: 'http://127.0.0.1:4700' },
    });
  });

  it('hints on stderr at who can see a key on the command line, and only then', async () => {
    writeFileSync(join(user.home, 'key'), raw);
    const byFlag = await user.run(`${login} --api-key ${raw} --json`, { replies: [ok(who)] });
    const byFile = await user.run(`${login} --api-key-file key --json`, { replies: [ok(who)] });
    const byInput = await user.run(`${login} --api-key - --json`, { replies: [ok(who)], input: raw });
    expect(byFlag.stderr).toContain('`ps`');
    expect(byFlag.json()).toMatchObject({ success: true });
    expect(byFile.stderr + byInput.stderr).toBe('');
  });

  it('saves nothing when the server refuses the key, and does not print it', async () => {
    const replies = [refused(401, 'KEY_EXPIRED')];
    const run = await user.run(`${login} --api-key ${raw}`, { replies });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('API key verification failed');
    expect(run.stderr).toContain('✗ KEY_EXPIRED');
    expect(run.stderr).not.toContain(raw);
    expect(existsSync(user.configFile)).toBe(false);
  });

  it('can save without asking the server', async () => {
    const run = await user.run(`${login} --api-key ${adminKey} --skip-verify`);
    expect(run).toMatchObject({ code: 0, sent: [] });
    expect(run.stdout).toBe(
      '\n✓ Configuration saved\n\n  Profile:  default (active)\n  API key:  cka_EXAM...\n  Base URL: http://127.0.0.1:4700\n\n',
    );
    expect(user.saved().profiles.default).toMatchObject({ type: 'admin-api-key', apiKey: adminKey });
  });
});

describe('a key that another replaces', () => {
  const other = `cko_EXAMPLE${'z'.repeat(42)}`;

  it('is named on stderr by prefix and id, never in full', async () => {
    user.save({ acme });
    const run = await user.run('login --api-key -', { replies: [ok(who)], input: other });
    expect(user.saved().profiles.acme).toHaveProperty('apiKey', other);
    expect(run.stderr).toContain(
      `⚠ Replaced the key ${keyPrefix} (key1) of the profile "acme". It stays valid until it is revoked.\n`,
    );
    expect(run.stderr).not.toContain(raw);
  });

  it('is not spoken of when it is the same key, or when there was none', async () => {
    for (const _ of [1, 2]) {
      const run = await user.run('login --api-key -', { replies: [ok(who)], input: raw });
      expect(run.stderr).not.toContain('Replaced');
    }
  });
});

describe('whoami', () => {
  beforeEach(() => user.save({ acme }));

  it.each([
    ['ck_EXAMPLE', 'instance-key', 'latchkey trigger'],
    ['ck_EXAMPLE', 'instance-key', 'latchkey instance key reveal <processInstanceId>'],
    ['ck_dev_a3f9_EXAMPLE', 'environment-key', 'GET /v1/environments/dev/whoami'],
    ['ck_live_a3f9_EXAMPLE', 'environment-key', 'GET /v1/environments/prod/whoami'],
  ])('says what %s is and where it belongs, and sends nothing', async (LATCHKEY_API_KEY, code, advice) => {
    const env = { LATCHKEY_API_KEY };
    const run = await user.run('whoami', { env });
    expect(run).toMatchObject({ code: 1, stdout: '', sent: [] });
    expect(run.stderr).toContain(`✗ ${code}`);
    expect(run.stderr).toContain(advice);
    const json = await user.run('whoami --json', { env });
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(json.json()).toMatchObject({ loggedIn: false, error: { code }, source: 'env (LATCHKEY_API_KEY)' });
  });

  it('prints what the server says in the order of the contract', async () => {
    const run = await user.run('whoami', {
      replies: [ok({ ...who, expiresAt: '2020-01-01T00:00:00.000Z' })],
    });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(
      /^\nLogged in to Latchkey\n\n {2}Organization: Acme Inc \(org1\)\n {2}Key name: {5}CLI default key\n {2}Key: {10}cko_EXAM\.\.\.\n {2}Scopes: {7}workflows:trigger, projects:read\n {2}Expires: {6}\S.* \[EXPIRED\]\n {2}Profile: {6}acme\n\n$/,
    );
  });

  it.each([
    ['admin-api-key', 'Logged in to Latchkey (admin)'],
    ['personal-api-key', 'Logged in to Latchkey (personal)'],
  ])('says what kind of key a %s is', async (type, heading) => {
    const { organizationId: _id, organizationName: _name, ...facts } = who;
    const run = await user.run('whoami', { replies: [ok({ ...facts, type })] });
    expect(run.stdout).toContain(heading);
  });

  it('prints JSON with the source of the key', async () => {
    const run = await user.run('whoami --json', { replies: [ok(who)] });
    expect(run.json()).toEqual({
      loggedIn: true,
      ...who,
      source: 'profile "acme"',
      profileName: 'acme',
    });
  });

  it('is not logged in without a key', async () => {
    await user.run('config clear');
    expect(await user.run('whoami')).toMatchObject({ code: 1, stdout: '', sent: [] });
    const json = await user.run('whoami --json');
    expect(json.code).toBe(1);
    expect(json.json()).toEqual({ loggedIn: false });
  });

  it.each([
    'KEY_REVOKED',
    'KEY_EXPIRED',
    'KEY_UNKNOWN',
  ])('is not logged in, in plain words, when the server answers 401 %s', async (code) => {
    const replies = [refused(401, code)];
    const human = await user.run('whoami', { replies });
    const json = await user.run('whoami --json', { replies });
    expect(human).toMatchObject({ code: 1, stdout: '' });
    expect(human.stderr).toContain('Not logged in');
    expect(human.stderr).toContain(`✗ ${code}  Message of ${code}.`);
    expect(json.code).toBe(1);
    expect(json.json()).toEqual({
      loggedIn: false,
      error: { code, message: `Message of ${code}.`, nextAction: 'Do this next.' },
      source: 'profile "acme"',
      profileName: 'acme',
    });
  });

  it.each<[string, Reply]>([
    ['there is no server', noServer],
    ['the server fails', refused(500, 'INTERNAL')],
    ['the server is overloaded', refused(503, 'UNAVAILABLE')],
    ['something else answers', { status: 404, body: '<html>' }],
  ])('shows what the profile remembers, marked as such, with exit code 1 when %s', async (_what, reply) => {
    const human = await user.run('whoami', { replies: [reply] });
    const json = await user.run('whoami --json', { replies: [reply] });
    expect(human.code).toBe(1);
    expect(human.stderr).toContain('could not be verified');
    expect(human.stdout).toContain('Organization: Acme Inc (org1)');
    expect(json.code).toBe(1);
    expect(json.json()).toMatchObject({
      loggedIn: true,
      cached: true,
      organizationId: 'org1',
      profileName: 'acme',
    });
    expect(json.json()).toHaveProperty('error.code');
  });

  it('has nothing to remember for a key that is not of a profile', async () => {
    const run = await user.run(`whoami --api-key ${adminKey} --json`, { replies: [noServer] });
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ success: false, error: { code: 'network-error' } });
  });

  it('never prints the secret, whatever happens', async () => {
    const replies = [ok(who), refused(401, 'KEY_UNKNOWN'), refused(500, 'INTERNAL'), noServer];
    for (const reply of replies) {
      for (const flags of ['', '--json', `--api-key ${raw}`, `--api-key ${raw} --json`]) {
        const run = await user.run(`whoami ${flags}`, { replies: [reply] });
        expect(run.stdout + run.stderr).not.toContain(raw);
      }
    }
  });
});

describe('use', () => {
  it('lists the profiles with their organization, the active one marked', async () => {
    user.save({ acme, operator });
    const run = await user.run('use');
    expect(run.code).toBe(0);
    expect(run.stdout.split('\n').slice(1, 6)).toEqual([
      'Profiles:',
      '',
      '  ● acme                 Acme Inc             org1                     cko_EXAM...',
      '    operator             (admin)                                       cka_EXAM...',
      '',
    ]);
  });

  it('lists them as JSON with the eight fields of the contract', async () => {
    user.save({ acme, operator });
    const run = await user.run('use --json');
    expect(run.json()).toEqual({
      activeProfile: 'acme',
      profiles: [
        {
          name: 'acme',
          active: true,
          type: 'org-api-key',
          organizationId: 'org1',
          organizationName: 'Acme Inc',
          keyPrefix,
          scopes,
          expiresAt: null,
        },
        {
          name: 'operator',
          active: false,
          type: 'admin-api-key',
          organizationId: null,
          organizationName: null,
          keyPrefix: 'cka_EXAM...',
          scopes: [],
          expiresAt: null,
        },
      ],
    });
    expect(run.stdout).not.toContain(raw);
  });

  it('prints the names alone for completion', async () => {
    user.save({ acme, operator });
    expect(await user.run('use --list-names')).toMatchObject({ stdout: 'acme\noperator\n' });
  });

  it('switches', async () => {
    user.save({ acme, operator });
    const run = await user.run('use operator');
    expect(run.stdout).toBe('\n✓ Switched to "operator"\n\n  Key: cka_EXAM...\n\n');
    expect(user.saved().activeProfile).toBe('operator');
    expect((await user.run('use acme --json')).json()).toMatchObject({ activeProfile: 'acme' });
  });

  it.each([
    [{ LATCHKEY_API_KEY: 'cko_X' }, '⚠ LATCHKEY_API_KEY is set and goes before the active profile.\n'],
    [{ LATCHKEY_PROFILE: 'acme' }, '⚠ LATCHKEY_PROFILE is set and goes before the active profile.\n'],
    [{ LATCHKEY_PROFILE: 'operator' }, ''],
  ])('says when the environment %j goes before the profile that it switched to', async (env, stderr) => {
    user.save({ acme, operator });
    expect(await user.run('use operator --json', { env })).toMatchObject({ code: 0, stderr });
  });

  it('names an unknown profile and the known ones, and changes nothing', async () => {
    user.save({ acme, operator });
    const run = await user.run('use nope');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('There is no profile "nope". Known profiles: acme, operator');
    expect(user.saved().activeProfile).toBe('acme');
  });

  it('without profiles exits 1 for a person and 0 for a program', async () => {
    expect(await user.run('use')).toMatchObject({ code: 1, stdout: '' });
    const json = await user.run('use --json');
    expect(json.code).toBe(0);
    expect(json.json()).toEqual({ activeProfile: null, profiles: [] });
  });
});

describe('config set without a key', () => {
  it('asks a person for the key', async () => {
    const run = await user.run('config set', { replies: [ok(who)], person: { secret: ` ${raw} ` } });
    expect(run).toMatchObject({ code: 0, questions: ['API key'] });
    expect(user.saved().profiles['acme-inc']).toHaveProperty('apiKey', raw);
  });

  it.each([{ secret: '' }, {}])('takes no answer (%j) for a refusal', async (person) => {
    const run = await user.run('config set', { person });
    expect(run).toMatchObject({ code: 1, stderr: 'Error: No API key was given.\n', sent: [] });
  });

  it('says what to do where nobody can be asked', async () => {
    const run = await user.run('config set');
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    for (const way of ['--api-key -', '--api-key-file', 'auth login-request'])
      expect(run.stderr).toContain(way);
  });
});

describe('logout', () => {
  it('removes the active profile and says which is active now', async () => {
    user.save({ acme, operator });
    const run = await user.run('logout');
    expect(run.stdout).toContain('✓ Removed profile "acme"\n\n  Active profile is now "operator"');
    expect(Object.keys(user.saved().profiles)).toEqual(['operator']);
  });

  it('removes the named one', async () => {
    user.save({ acme, operator });
    const run = await user.run('logout operator --json');
    expect(run.json()).toEqual({ success: true, data: { removed: 'operator', activeProfile: 'acme' } });
  });

  it('exits 0 when there is nothing to remove, and 2 for an unknown name', async () => {
    expect(await user.run('logout')).toMatchObject({ code: 0, stdout: '' });
    user.save({ acme });
    expect(await user.run('logout nope')).toMatchObject({ code: 2, stdout: '' });
    expect(Object.keys(user.saved().profiles)).toEqual(['acme']);
  });
});

describe('config', () => {
  it('shows profiles, server and where the server comes from', async () => {
    user.save({ acme });
    const human = await user.run('config show');
    expect(human.stdout).toContain('  Base URL: http://keys.test  (profile "acme")\n');
    expect(human.stdout).not.toContain(raw);
    const json = await user.run('config show --json', { env: { LATCHKEY_BASE_URL: 'http://env.test' } });
    expect(json.json()).toMatchObject({
      profiles: [{ name: 'acme' }],
      baseUrl: 'http://env.test',
      baseUrlSource: 'env (LATCHKEY_BASE_URL)',
    });
  });

  it('without profiles exits 1 for a person and 0 for a program', async () => {
    expect(await user.run('config show')).toMatchObject({ code: 1, stdout: '' });
    expect((await user.run('config show --json')).json()).toEqual({
      profiles: [],
      baseUrl: 'http://127.0.0.1:4700',
      baseUrlSource: 'default',
    });
  });

  it('clears one profile or all of them', async () => {
    user.save({ acme, operator });
    expect(await user.run('config clear --profile acme')).toMatchObject({ code: 0 });
    expect(Object.keys(user.saved().profiles)).toEqual(['operator']);
    expect(await user.run('config clear --profile acme')).toMatchObject({ code: 2 });
    expect(await user.run('config clear')).toMatchObject({ code: 0 });
    expect(existsSync(user.configFile)).toBe(false);
  });
});

describe('status', () => {
  it('shows identity and server without asking the server', async () => {
    user.save({ acme });
    const run = await user.run('status --json');
    expect(run).toMatchObject({ code: 0, sent: [] });
    expect(run.json()).toEqual({
      identity: {
        loggedIn: true,
        profileName: 'acme',
        profileCount: 1,
        organizationName: 'Acme Inc',
        organizationId: 'org1',
        keyPrefix,
        keySource: 'profile "acme"',
        type: 'org-api-key',
      },
      server: { baseUrl: 'http://keys.test', baseUrlSource: 'profile "acme"' },
      useCase: null,
      readiness: { ready: true, missing: [], warnings: [] },
    });
  });

  it('says what is missing', async () => {
    const human = await user.run('status');
    expect(human).toMatchObject({ code: 0 });
    expect(human.stdout).toContain('Not logged in');
    expect(human.stderr).toContain('latchkey login');
    expect((await user.run('status --json')).json()).toMatchObject({
      identity: { loggedIn: false, keySource: 'not set' },
      readiness: { ready: false },
    });
  });

  it('repeats the expiry among its warnings', async () => {
    user.save({ acme: { ...acme, expiresAt: '2026-11-23T00:00:00.000Z' } });
    const run = await user.run('status --json');
    expect(run.json()).toMatchObject({ readiness: { warnings: ['API key "acme" expires in 2 days.'] } });
  });
});

describe('the expiry warning', () => {
  it.each([
    ['2026-11-28T00:00:00.000Z', 'expires in 7 days.'],
    ['2026-11-21T23:00:00.000Z', 'expires in 1 day.'],
    ['2026-11-21T00:00:00.000Z', 'expired on '],
    ['2020-01-01T00:00:00.000Z', 'expired on '],
  ])('of a key until %s says: %s', async (expiresAt, text) => {
    user.save({ acme: { ...acme, expiresAt } });
    const run = await user.run('use --json');
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(`⚠ API key "acme" ${text}`);
    expect(run.stderr).toContain('latchkey login');
    expect(run.json()).toMatchObject({ activeProfile: 'acme' });
  });

  it.each(['2026-11-28T00:00:00.001Z', 'never', ''])('is silent for a key until %j', async (expiresAt) => {
    user.save({ acme: { ...acme, expiresAt } });
    expect(await user.run('use --json')).toMatchObject({ stderr: '' });
  });

  it('looks at the active profile alone, and does not change how a command ends', async () => {
    user.save({ acme, old: { ...acme, expiresAt: '2020-01-01T00:00:00.000Z' } });
    expect(await user.run('whoami --profile old', { replies: [ok(who)] })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });
});

describe('a file that others can read', () => {
  it('is warned about on stderr and closed by the next write', async () => {
    user.save({ acme, operator });
    chmodSync(user.configFile, 0o644);
    expect((await user.run('use --json')).stderr).toContain('mode 644');
    await user.run('use operator');
    expect(statSync(user.configFile).mode & 0o777).toBe(0o600);
  });
});
