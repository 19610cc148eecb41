import { resolve } from 'node:path';
import { temporaryFolder } from '@latchkey/testkit';
import { describe, expect, it } from 'vitest';
import { createDeps } from './deps.ts';
import { createLogger } from './platform/logger.ts';
import { SettingsError } from './platform/settings-error.ts';
import { readSettings, unusedSettings } from './settings.ts';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const wrong: Record<string, readonly string[]> = {
  LATCHKEY_PORT: ['65536', '-1', '80a', '0x50', '4.7', ' 80', '999999'],
  LATCHKEY_PUBLIC_URL: [
    'keys.example.com',
    'ftp://keys.example.com',
    '//keys.example.com',
    'javascript:alert(1)',
  ],
  LATCHKEY_DATABASE_URL: [
    'mysql://u:hunter2@h/d',
    'localhost:5432',
    'http://h/d',
    'postgres://u:hunter2%zz@h/d',
  ],
  LATCHKEY_REDIS_URL: ['http://h', 'localhost:6379'],
  LATCHKEY_SMTP_URL: [
    'http://u:hunter2@h',
    'mail.example.com',
    'smtp',
    'smtp://',
    'smtps:',
    'smtp://u:hunter2%zz@h',
  ],
  LATCHKEY_MAIL_FROM: ['nobody', 'a@b\r\nBcc: c@d', 'a@', '@b'],
  LATCHKEY_MASTER_KEY: ['hunter2', 'ab'.repeat(31), 'ab'.repeat(33), 'x'.repeat(64)],
  LATCHKEY_TRUSTED_PROXIES: [
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    'loopback',
    '10.0.0',
    'fd00::/129',
    '10.0.0.1,nonsense',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/',
  ],
  LATCHKEY_ALLOWED_TARGETS: [
    '10.0.0.0/33',
    '10.0.0.0/',
    '0.0.0.0/0',
    '::/0',
    '127.1',
    '0x7f000001',
    '2130706433',
    'fe80::1%eth0',
    'fe80::%eth0/10',
    '[::1]',
    'http://n8n.internal',
    'n8n.internal:5678',
    'me@n8n.internal',
    '*.internal',
    '-n8n.internal',
    'n8n..internal',
    '10.0.0.1,n8n internal',
    'a'.repeat(64),
  ],
  LATCHKEY_N8N_BASE_URL: ['n8n.example.com', 'ftp://n8n'],
  LATCHKEY_KNOWN_KEYS: ['99', '10000001', '1e5', '-100', '100.5', ' 100'],
  LATCHKEY_IDENTITY: ['firebase', 'google', 'LOCAL'],
  LATCHKEY_LOG_LEVEL: ['loud', 'INFO', '30'],
};

const cases = Object.entries(wrong).flatMap(([name, values]) =>
  values.map((value) => [name, value] as const),
);

describe('the settings', () => {
  it('have a default for everything', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 4700,
      dataDir: resolve('./latchkey-data'),
      publicUrl: undefined,
      databaseUrl: undefined,
      smtpUrl: undefined,
      mailFrom: undefined,
      masterKey: undefined,
      knownKeys: 100_000,
      triggerBodyLimitBytes: 1_048_576,
      trustedProxies: [],
      allowedTargets: ['127.0.0.0/8', '::1'],
      introspectionClients: [],
      upstream: undefined,
      logLevel: 'info',
    });
  });

  it.each(cases)('name %s and not its value when it is %j', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must .{8,}`));
    const told = value.length > 5 && value !== 'firebase';
    if (told) expect(problems.join('')).not.toContain(value);
    expect(problems.join('')).not.toContain('hunter2');
  });

  it('name every wrong one at once', () => {
    const problems = problemsOf({ LATCHKEY_PORT: 'x', LATCHKEY_LOG_LEVEL: 'x', LATCHKEY_SMTP_URL: 'x' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(
      expect.arrayContaining(['LATCHKEY_PORT', 'LATCHKEY_LOG_LEVEL', 'LATCHKEY_SMTP_URL']),
    );
  });

  it('take an empty one for one that is not set', () => {
    const empty = Object.fromEntries(Object.keys(wrong).map((name) => [name, '']));
    expect(readSettings({ ...empty, LATCHKEY_HOST: '', LATCHKEY_DATA_DIR: '' })).toEqual(readSettings({}));
  });

  it('are read as they are meant', () => {
    const read = readSettings({
      LATCHKEY_HOST: '0.0.0.0',
      LATCHKEY_PORT: '0',
      LATCHKEY_DATA_DIR: '/var/lib/latchkey',
      LATCHKEY_PUBLIC_URL: 'https://keys.example.com/base//',
      LATCHKEY_DATABASE_URL: 'postgresql://u:p@h/d',
      LATCHKEY_SMTP_URL: 'smtps://u:p@h',
      LATCHKEY_MAIL_FROM: 'Acme Keys <keys@example.com>',
      LATCHKEY_MASTER_KEY: '07'.repeat(32),
      LATCHKEY_TRUSTED_PROXIES: ' 10.0.0.0/8, ,fd00::1,192.0.2.1/32 ',
      LATCHKEY_ALLOWED_TARGETS: '10.0.0.0/8, ::1,N8N.internal.,fd00::/8, n8n',
      LATCHKEY_IDENTITY: 'local',
      LATCHKEY_LOG_LEVEL: 'silent',
    });
    expect(read).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      dataDir: '/var/lib/latchkey',
      publicUrl: 'https://keys.example.com/base',
      databaseUrl: 'postgresql://u:p@h/d',
      smtpUrl: 'smtps://u:p@h',
      mailFrom: 'Acme Keys <keys@example.com>',
      trustedProxies: ['10.0.0.0/8', 'fd00::1', '192.0.2.1/32'],
      allowedTargets: ['10.0.0.0/8', '::1', 'N8N.internal.', 'fd00::/8', 'n8n'],
      logLevel: 'silent',
    });
    expect(read.masterKey).toEqual(Buffer.alloc(32, 7));
  });

  it.each([
    [{}, true],
    [{ LATCHKEY_HOST: 'localhost', LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:4700' }, true],
    [{ LATCHKEY_HOST: '0.0.0.0' }, false],
    [{ LATCHKEY_PUBLIC_URL: 'https://keys.example.com' }, false],
    [{ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' }, false],
  ])('let targets be on this machine with %j: %s', (env, allowed) => {
    expect(readSettings(env).allowedTargets).toEqual(allowed ? ['127.0.0.0/8', '::1'] : []);
    expect(readSettings({ ...env, LATCHKEY_ALLOWED_TARGETS: 'n8n' }).allowedTargets).toContain('n8n');
  });

  it('let the command line win over the environment', () => {
    const env = { LATCHKEY_HOST: 'example.com', LATCHKEY_PORT: '1', LATCHKEY_DATA_DIR: '/a' };
    const flags = { host: '127.0.0.1', port: 2, dataDir: '/b' };
    expect(readSettings(env, flags)).toMatchObject({ host: '127.0.0.1', port: 2, dataDir: '/b' });
    expect(readSettings(env, { host: undefined })).toMatchObject({ host: 'example.com', port: 1 });
    expect(() => readSettings({}, { port: 'x' })).toThrow(/^LATCHKEY_PORT /);
  });

  it('name those that nothing in this version uses', () => {
    const env = { LATCHKEY_REDIS_URL: 'redis://h', LATCHKEY_N8N_API_KEY: 'k', LATCHKEY_PORT: '1' };
    expect(unusedSettings(env)).toEqual(['LATCHKEY_REDIS_URL', 'LATCHKEY_N8N_API_KEY']);
    expect(unusedSettings({})).toEqual([]);
  });
});

describe('a server that codes could not reach people from', () => {
  async function start(env: NodeJS.ProcessEnv): Promise<void> {
    const settings = readSettings(env, { dataDir: temporaryFolder('settings') });
    const deps = await createDeps(settings, { log: createLogger('silent') });
    await deps.close();
  }

  it.each([
    { LATCHKEY_HOST: '0.0.0.0' },
    { LATCHKEY_HOST: '::' },
    { LATCHKEY_HOST: '192.0.2.1' },
    { LATCHKEY_HOST: 'localhost.example.com' },
    { LATCHKEY_PUBLIC_URL: 'https://keys.example.com' },
    { LATCHKEY_PUBLIC_URL: 'http://127.0.0.1.example.com' },
    { LATCHKEY_PUBLIC_URL: 'http://localhost@keys.example.com' },
    { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' },
  ])('does not start: %j', async (env) => {
    await expect(start(env)).rejects.toThrow(/^LATCHKEY_SMTP_URL is required/);
  });

  it.each([
    {},
    { LATCHKEY_HOST: 'localhost' },
    { LATCHKEY_HOST: '::1' },
    { LATCHKEY_HOST: '127.0.0.2' },
    { LATCHKEY_HOST: '0.0.0.0', LATCHKEY_PUBLIC_URL: 'http://localhost:4700' },
    { LATCHKEY_PUBLIC_URL: 'http://[::1]:4700' },
    { LATCHKEY_HOST: '0.0.0.0', LATCHKEY_SMTP_URL: 'smtp://mail.example.com' },
  ])('starts when it is this machine only, or when it has a mail server: %j', async (env) => {
    await expect(start(env)).resolves.toBeUndefined();
  });
});
