import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, type RunOptions, type TestUser, testUser } from './cli-for-tests.ts';

const who = { type: 'org-api-key', keyId: 'k', keyName: 'n', keyPrefix: 'p', scopes: [], createdAt: 'x' };

function profile(name: string) {
  return { apiKey: `cko_KEY_OF_${name}`, type: 'org-api-key', baseUrl: `http://${name}.test` } as const;
}

let user: TestUser;
beforeEach(() => {
  user = testUser();
  user.save({ active: profile('active'), other: profile('other') });
  writeFileSync(join(user.home, 'key.txt'), ' cko_KEY_OF_file\n');
});
afterEach(() => user.remove());

async function used(flags: string, options: RunOptions = {}) {
  const run = await user.run(`whoami --json ${flags}`, { replies: [ok(who)], ...options });
  return { key: run.sent[0]?.key, url: run.sent[0]?.url, source: (run.json() as { source: string }).source };
}

const env = {
  LATCHKEY_API_KEY: 'cko_KEY_OF_env',
  LATCHKEY_BASE_URL: 'http://env.test',
  LATCHKEY_PROFILE: 'other',
};

describe('the key and the server in use', () => {
  it('are those of the active profile', async () => {
    expect(await used('')).toEqual({
      key: 'cko_KEY_OF_active',
      url: 'http://active.test/v1/whoami',
      source: 'profile "active"',
    });
  });

  it('are those of LATCHKEY_PROFILE before the active one', async () => {
    expect(await used('', { env: { LATCHKEY_PROFILE: 'other' } })).toEqual({
      key: 'cko_KEY_OF_other',
      url: 'http://other.test/v1/whoami',
      source: 'profile "other"',
    });
  });

  it('are those of the environment before any profile', async () => {
    expect(await used('', { env })).toEqual({
      key: 'cko_KEY_OF_env',
      url: 'http://env.test/v1/whoami',
      source: 'env (LATCHKEY_API_KEY)',
    });
  });

  it('are those of --profile before the environment, as a flag beats it', async () => {
    expect(await used('--profile active', { env })).toEqual({
      key: 'cko_KEY_OF_active',
      url: 'http://active.test/v1/whoami',
      source: 'profile "active"',
    });
  });

  it('are those of the flags before everything', async () => {
    const flags = '--profile active --api-key cko_KEY_OF_flag --base-url http://flag.test';
    expect(await used(flags, { env })).toEqual({
      key: 'cko_KEY_OF_flag',
      url: 'http://flag.test/v1/whoami',
      source: 'flag (--api-key)',
    });
  });

  it('may be a full address, which is posted to', async () => {
    expect(await used('--api-url http://flag.test/verifyapikey', { env })).toMatchObject({
      url: 'http://flag.test/verifyapikey',
    });
  });

  it('come from standard input or from a file, trimmed', async () => {
    expect(await used('--api-key -', { input: 'cko_KEY_OF_input\r\n' })).toMatchObject({
      key: 'cko_KEY_OF_input',
      source: 'flag (--api-key)',
    });
    expect(await used('--api-key-file key.txt')).toMatchObject({
      key: 'cko_KEY_OF_file',
      source: 'flag (--api-key-file)',
    });
    expect(await used('--api-key-file -', { input: 'cko_KEY_OF_input' })).toMatchObject({
      key: 'cko_KEY_OF_input',
    });
  });

  it('treat an empty variable as none', async () => {
    const empty = { LATCHKEY_API_KEY: '', LATCHKEY_BASE_URL: '', LATCHKEY_PROFILE: '' };
    expect(await used('', { env: empty })).toMatchObject({ key: 'cko_KEY_OF_active' });
  });

  it('fall back to the local server', async () => {
    const nobody = testUser();
    const run = await nobody.run('whoami --api-key cko_X --json', { replies: [ok(who)] });
    nobody.remove();
    expect(run.sent[0]?.url).toBe('http://127.0.0.1:4700/v1/whoami');
  });

  it('need no readable profiles when flags or environment give both', async () => {
    writeFileSync(user.configFile, 'damaged');
    expect(await used('', { env: { ...env, LATCHKEY_PROFILE: '' } })).toMatchObject({
      key: 'cko_KEY_OF_env',
    });
    const run = await user.run('whoami');
    expect(run).toMatchObject({ code: 1, sent: [] });
    expect(run.stderr).toContain(`${user.configFile} is damaged and was left as it is.`);
  });
});

describe('what cannot be used', () => {
  it.each<[string, RunOptions, string]>([
    ['--profile nope', {}, '--profile: There is no profile "nope". Known profiles: active, other'],
    ['', { env: { LATCHKEY_PROFILE: 'nope' } }, 'LATCHKEY_PROFILE: There is no profile "nope".'],
    ['--api-key -', { input: ' \n' }, '--api-key - (standard input) is empty.'],
    ['--api-key -', { input: 'SECRET1 SECRET2' }, '--api-key - (standard input) is not one API key'],
    ['--api-key=', {}, '--api-key is empty.'],
    ['', { env: { LATCHKEY_API_KEY: 'SECRET\u00e9' } }, 'LATCHKEY_API_KEY is not one API key'],
    ['--api-key-file none', {}, '--api-key-file: cannot read none: there is no such file.'],
    ['--base-url http://x/?y=1', {}, '--base-url must be an address without ? and #.'],
    ['--base-url=', {}, '--base-url must be an http or https address'],
  ])('%j with %j exits 2, says where it came from and sends nothing', async (flags, options, message) => {
    const run = await user.run(`whoami ${flags}`, options);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain('SECRET');
  });
});
