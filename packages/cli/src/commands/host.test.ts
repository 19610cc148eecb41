import { LatchkeyError } from '@latchkey/protocol/errors';
import { allScopes } from '@latchkey/protocol/permissions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestUser, testUser } from '../cli-for-tests.ts';
import type { AdminKeyRequest, ServeOptions, ServerPackage } from '../server-package.ts';

const raw = `cka_EXAMPLE${'x'.repeat(42)}`;
const minted = {
  keyId: 'key1',
  apiKey: raw,
  keyPrefix: raw.slice(0, 12),
  name: 'Operator',
  scopes: ['api-keys:manage'],
  createdAt: '2026-11-21T00:00:00.000Z',
};

let user: TestUser;
let asked: (AdminKeyRequest | ServeOptions)[];
let serverPackage: ServerPackage;

beforeEach(() => {
  user = testUser();
  asked = [];
  serverPackage = {
    async serve(options) {
      asked.push(options);
      return 0;
    },
    async adminCreateKey(request) {
      asked.push(request);
      return minted;
    },
  };
});
afterEach(() => user.remove());

function run(line: string) {
  return user.run(line, { serverPackage });
}

describe('admin create-key', () => {
  it('makes an admin key with every scope unless told', async () => {
    const made = await run('admin create-key --name Operator');
    expect(asked).toEqual([{ family: 'admin', name: 'Operator', scopes: allScopes }]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('✓ Admin API Key Created Successfully');
    expect(made.stdout.split(raw)).toHaveLength(2);
  });

  it('makes a personal key for an account', async () => {
    await run('admin create-key --family personal --email you@example.com --name Laptop --expires-in-days 9');
    expect(asked).toEqual([
      {
        family: 'personal',
        email: 'you@example.com',
        name: 'Laptop',
        scopes: ['organizations:create', 'api-keys:manage'],
        expiresInDays: 9,
      },
    ]);
  });

  it('passes scopes, description and the data folder, made absolute', async () => {
    await run('admin create-key --name x --scopes a,b --description d --data data');
    expect(asked).toEqual([
      { family: 'admin', name: 'x', scopes: ['a', 'b'], description: 'd', dataDir: `${user.home}/data` },
    ]);
  });

  it('prints JSON', async () => {
    const made = await run('admin create-key --name Operator --json');
    expect(made.json()).toEqual({ success: true, data: minted });
  });

  it('saves a profile with the server when asked to', async () => {
    const made = await run('admin create-key --name Operator --save --base-url http://keys.test');
    expect(made.stdout).toContain('Saved as profile "operator" (now active)');
    expect(user.saved()).toMatchObject({
      activeProfile: 'operator',
      profiles: {
        operator: { apiKey: raw, type: 'admin-api-key', baseUrl: 'http://keys.test', keyId: 'key1' },
      },
    });
    await run('admin create-key --name Operator --save --profile-name root');
    expect(user.saved().activeProfile).toBe('root');
  });

  it('shows why a key was refused', async () => {
    serverPackage = {
      ...serverPackage,
      adminCreateKey: () => Promise.reject(new LatchkeyError('USER_NOT_FOUND')),
    };
    const line = 'admin create-key --family personal --email no@example.com --name x';
    const human = await run(line);
    expect(human).toMatchObject({ code: 1, stdout: '' });
    expect(human.stderr).toContain('✗ USER_NOT_FOUND  There is no account for this email address.');
    expect((await run(`${line} --json`)).json()).toMatchObject({
      success: false,
      error: { code: 'USER_NOT_FOUND' },
    });
  });

  it('shows what else went wrong in its own words', async () => {
    serverPackage = {
      ...serverPackage,
      adminCreateKey: () => Promise.reject(new Error('LATCHKEY_DATA_DIR is not a folder')),
    };
    const made = await run('admin create-key --name x');
    expect(made).toMatchObject({ code: 1, stdout: '', stderr: 'Error: LATCHKEY_DATA_DIR is not a folder\n' });
  });

  it('shows each wrong setting in a line of its own', async () => {
    const error = new Error('LATCHKEY_PORT must be a port\nLATCHKEY_LOG_LEVEL must be a level');
    serverPackage = { ...serverPackage, serve: () => Promise.reject(error) };
    const made = await run('serve');
    expect(made.stderr).toBe(
      'Error: LATCHKEY_PORT must be a port\nError: LATCHKEY_LOG_LEVEL must be a level\n',
    );
  });

  it.each([
    ['admin create-key', 'Missing: --name <name>'],
    ['admin create-key --name x --family instance', '--family must be one of: admin, personal'],
    ['admin create-key --name x --family personal', 'A personal key needs --email'],
    ['admin create-key --name x --email a@b.c', '--email is for --family personal only.'],
    ['admin create-key --name x --scopes ,', '--scopes is empty'],
    ['admin create-key --name x --expires-in-days soon', '--expires-in-days must be a number'],
  ])('%j exits 2 and makes nothing', async (line, message) => {
    const made = await run(line);
    expect(made).toMatchObject({ code: 2, stdout: '' });
    expect(made.stderr).toContain(message);
    expect(asked).toEqual([]);
  });
});

describe('serve', () => {
  it('passes what was given and ends as the server ends', async () => {
    expect(await run('serve')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await run('serve --host 0.0.0.0 --port 0 --data data');
    expect(asked).toEqual([{}, { host: '0.0.0.0', port: 0, dataDir: `${user.home}/data` }]);
  });

  it.each([
    ['serve --port web', '--port must be a number'],
    ['serve --port 65536', '--port must be a whole number from 0 to 65535.'],
    ['serve --port 1.5', '--port must be a whole number'],
    ['serve --host=', '--host is empty.'],
    ['serve --data=', '--data is empty.'],
  ])('%j exits 2 and starts nothing', async (line, message) => {
    const made = await run(line);
    expect(made).toMatchObject({ code: 2, stdout: '' });
    expect(made.stderr).toContain(message);
    expect(asked).toEqual([]);
  });
});
