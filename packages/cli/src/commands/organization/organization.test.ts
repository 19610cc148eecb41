import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noServer, ok, type Reply, refused, type TestUser, testUser } from '../../cli-for-tests.ts';

const callerKey = 'cko_EXAMPLE_CALLER_0123456789';
const raw = `cko_EXAMPLE${'n'.repeat(42)}`;
const caller = {
  apiKey: callerKey,
  type: 'org-api-key',
  baseUrl: 'http://keys.test',
  organizationId: 'org1',
  organizationName: 'Acme',
} as const;
const minted = {
  keyId: 'key2',
  apiKey: raw,
  keyPrefix: raw.slice(0, 12),
  name: 'CI Deploy Key',
  scopes: ['deploy:use-case'],
  createdAt: '2026-11-21T00:00:00.000Z',
};
const createKey = ['organization', 'create-key', '--organization-id', 'org1', '--name', 'CI Deploy Key'];
const withScopes = [...createKey, '--scopes', 'deploy:use-case'];

let user: TestUser;
beforeEach(() => {
  user = testUser();
  user.save({ acme: caller });
});
afterEach(() => user.remove());

describe('create-key', () => {
  it('sends the wishes with the key of the profile to the server of the profile', async () => {
    const flags = ['--scopes', ' deploy:use-case, ,projects:read,', '--description', 'd'];
    const run = await user.run([...createKey, ...flags, '--expires-in-days', '90'], {
      replies: [ok(minted)],
    });
    expect(run.sent).toEqual([
      {
        method: 'POST',
        url: 'http://keys.test/v1/organizations/org1/keys',
        key: callerKey,
        body: {
          name: 'CI Deploy Key',
          scopes: ['deploy:use-case', 'projects:read'],
          description: 'd',
          expiresInDays: 90,
        },
      },
    ]);
  });

  it('sends a rate limit, and that there shall be none', async () => {
    const create = await user.run([...withScopes, '--rate-limit', '100/60'], { replies: [ok(minted)] });
    expect(create.sent[0]?.body).toMatchObject({ rateLimit: { requests: 100, windowSeconds: 60 } });
    const update = await user.run('organization update-key --key-id k --rate-limit off', {
      replies: [ok({ ...minted, description: '' })],
    });
    expect(update.sent[0]?.body).toEqual({ rateLimit: null });
    expect(update.stdout).toMatch(/Rate Limit: +off\n/);
    const wrong = await user.run([...withScopes, '--rate-limit', '100 per minute']);
    expect(wrong).toMatchObject({ code: 2, sent: [] });
  });

  it('saves the key with server, organization id and organization name, and makes it active', async () => {
    await user.run(withScopes, { replies: [ok({ ...minted, expiresAt: '2027-01-01T00:00:00.000Z' })] });
    expect(user.saved().activeProfile).toBe('org-api-key-ci-deploy-key');
    expect(user.saved().profiles['org-api-key-ci-deploy-key']).toEqual({
      apiKey: raw,
      type: 'org-api-key',
      baseUrl: 'http://keys.test',
      organizationId: 'org1',
      organizationName: 'Acme',
      keyId: 'key2',
      keyName: 'CI Deploy Key',
      keyPrefix: raw.slice(0, 12),
      scopes: ['deploy:use-case'],
      createdAt: '2026-11-21T00:00:00.000Z',
      expiresAt: '2027-01-01T00:00:00.000Z',
    });
  });

  it('takes no organization name from a profile of another organization', async () => {
    const line = withScopes.map((word) => (word === 'org1' ? 'org2' : word));
    await user.run(line, { replies: [ok(minted)] });
    const saved = user.saved().profiles['org-api-key-ci-deploy-key'];
    expect(saved).toMatchObject({ organizationId: 'org2' });
    expect(saved).not.toHaveProperty('organizationName');
  });

  it('prints the secret exactly once, and how to go back to the profile that created it', async () => {
    const run = await user.run(withScopes, { replies: [ok(minted)] });
    expect((run.stdout + run.stderr).split(raw)).toHaveLength(2);
    expect(run.stdout).toContain(`  API Key:    ${raw}\n`);
    expect(run.stderr).toContain('latchkey use acme');
  });

  it('prints the body of the server with --json, saves the profile all the same and says nothing else', async () => {
    const run = await user.run([...withScopes, '--json'], { replies: [ok(minted)] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.json()).toEqual({ success: true, data: minted, requestId: 'req-789' });
    expect(user.saved().activeProfile).toBe('org-api-key-ci-deploy-key');
  });

  it('posts everything in the body when a full address is given', async () => {
    const flags = ['--api-url', 'http://other.test/createorganizationapikeypublic'];
    const run = await user.run([...withScopes, ...flags], { replies: [ok(minted)] });
    expect(run.sent[0]).toMatchObject({
      method: 'POST',
      url: 'http://other.test/createorganizationapikeypublic',
      body: { organizationId: 'org1', name: 'CI Deploy Key', scopes: ['deploy:use-case'] },
    });
    expect(user.saved().profiles['org-api-key-ci-deploy-key']?.baseUrl).toBe('http://other.test');
  });

  it('keeps the printed key and exits 1 when it cannot be saved at last', async () => {
    const breakFile: Reply = {
      get body() {
        writeFileSync(user.configFile, 'damaged meanwhile');
        return ok(minted).body;
      },
    };
    const run = await user.run(withScopes, { replies: [breakFile] });
    expect(run.code).toBe(1);
    expect((run.stdout + run.stderr).split(raw)).toHaveLength(2);
    expect(run.stderr).toContain('could not be saved');
    expect(run.stdout).not.toContain('Saved as profile');
  });

  it('has saved the key before anything in the answer can make printing fail', async () => {
    const { scopes: _scopes, ...partial } = minted;
    const run = await user.run(withScopes, { replies: [ok(partial)] });
    expect(run.code).toBe(1);
    expect(user.saved().profiles['org-api-key-ci-deploy-key']).toHaveProperty('apiKey', raw);
  });

  it('shows a refusal with its code and request id, and saves nothing', async () => {
    const run = await user.run(withScopes, { replies: [refused(403, 'SCOPE_MISSING')] });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(
      '✗ SCOPE_MISSING  Message of SCOPE_MISSING.\n  Do this next.\n  Request ID: req-790',
    );
    expect(Object.keys(user.saved().profiles)).toEqual(['acme']);
  });

  it('prints the body of the server for a refusal with --json', async () => {
    const reply = refused(429, 'MAX_API_KEYS_REACHED', { details: { limit: 20 } });
    const run = await user.run([...withScopes, '--json'], { replies: [reply] });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.json()).toEqual(reply.body);
  });

  it('prints an envelope without request id when there is no server', async () => {
    const run = await user.run([...withScopes, '--json'], { replies: [noServer] });
    expect(run.json()).toMatchObject({ success: false, error: { code: 'network-error' } });
    expect(run.json()).not.toHaveProperty('status');
  });

  it.each([
    [['organization', 'create-key', '--name', 'x', '--scopes', 'y'], 'Missing: --organization-id <id>'],
    [['organization', 'create-key', '--organization-id', 'x', '--scopes', 'y'], 'Missing: --name <name>'],
    [createKey, 'Missing: --scopes <scopes>'],
    [[...createKey, '--scopes', ' , '], '--scopes is empty'],
    [[...withScopes, '--expires-in-days', 'never'], '--expires-in-days must be a number, not "never".'],
    [[...withScopes, '--profile', 'nope'], '--profile: There is no profile "nope". Known profiles: acme'],
    [[...withScopes, '--api-key', 'a', '--api-key-file', 'b'], 'cannot be given together'],
    [[...withScopes, '--api-key', 'a b'], '--api-key is not one API key'],
    [
      [...withScopes, '--api-key-file', 'missing'],
      '--api-key-file: cannot read missing: there is no such file.',
    ],
  ])('%j exits 2, names the flag and sends nothing', async (line, message) => {
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
  });

  it('exits 2 without a key, and names the three ways to give one', async () => {
    const nobody = testUser();
    const run = await nobody.run(withScopes);
    nobody.remove();
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    for (const way of ['latchkey login', 'LATCHKEY_API_KEY', '--api-key']) expect(run.stderr).toContain(way);
  });
});

describe('update-key', () => {
  const updated = { keyId: 'key2', name: 'N', description: 'text', scopes: ['a', 'b'], updatedAt: 'x' };

  it('sends the fields that were given, an empty description included', async () => {
    const line = ['organization', 'update-key', '--key-id', 'key2', '--description', ''];
    const run = await user.run(line, { replies: [ok(updated)] });
    expect(run.sent[0]).toEqual({
      method: 'PATCH',
      url: 'http://keys.test/v1/keys/key2',
      key: callerKey,
      body: { description: '' },
    });
  });

  it('prints the description when there is one', async () => {
    const line = 'organization update-key --key-id key2 --scopes a,b';
    const run = await user.run(line, { replies: [ok(updated)] });
    expect(run.stdout).toBe(
      '\n✓ API key updated\n\n  Key ID:      key2\n  Name:        N\n  Scopes:      a, b\n  Description: text\n\n',
    );
  });

  it.each([
    ['organization update-key', 'Missing: --key-id <id>'],
    ['organization update-key --key-id k', 'At least one'],
    ['organization update-key --key-id k --scopes ,', '--scopes is empty'],
  ])('%j exits 2 and sends nothing', async (line, message) => {
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr.toLowerCase()).toContain(message.toLowerCase());
  });
});

describe('create', () => {
  it('sends what was given and prints the id', async () => {
    const logo = join(user.home, 'logo.PNG');
    writeFileSync(logo, 'picture');
    const flags = ['--name', 'Beta Corp', '--size', '2-10', '--logo', 'logo.PNG', '--description', 'd'];
    const run = await user.run(['organization', 'create', ...flags, '--store-credential-copy'], {
      replies: [ok({ organizationId: 'org9' })],
    });
    expect(run.sent[0]).toMatchObject({ method: 'POST', url: 'http://keys.test/v1/organizations' });
    expect(run.sent[0]?.body).toEqual({
      name: 'Beta Corp',
      description: 'd',
      size: '2-10',
      logoBase64: Buffer.from('picture').toString('base64'),
      logoMimeType: 'image/png',
      storeCredentialCopy: true,
    });
    expect(run.stdout).toBe(
      '\n✓ Organization Created Successfully\n\n  Organization ID: org9\n  Request ID:      req-789\n\n',
    );
  });

  it('reads the key of an n8n from standard input', async () => {
    const line = 'organization create --name Acme --n8n-base-url https://n8n.test --n8n-api-key -';
    const run = await user.run(line, { replies: [ok({ organizationId: 'o' })], input: 'n8n-secret\n' });
    expect(run.sent[0]?.body).toEqual({
      name: 'Acme',
      n8nBaseUrl: 'https://n8n.test',
      n8nApiKey: 'n8n-secret',
    });
  });

  it.each([
    ['organization create', 'Missing: --name <name>'],
    ['organization create --name Acme --size huge', '--size must be one of: solo, 2-10'],
    ['organization create --name Acme --logo logo.gif', '--logo must be a .jpg, .jpeg, .png or .webp file.'],
    ['organization create --name Acme --logo none.png', '--logo: cannot read none.png'],
    ['organization create --name Acme --logo big.png', '--logo is larger than 5 MB.'],
    ['organization create --name Acme --n8n-base-url https://x', 'must be given together'],
    ['organization create --name Acme --n8n-api-key x', 'must be given together'],
  ])('%j exits 2 and sends nothing', async (line, message) => {
    writeFileSync(join(user.home, 'big.png'), Buffer.alloc(5 * 1024 * 1024 + 1));
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
  });
});

describe('list-keys', () => {
  const key = {
    keyId: 'key2',
    keyPrefix: 'cko_aB12cD34',
    name: 'CI \x1b[31mkey',
    description: '',
    scopes: ['a:b', 'c:d'],
    state: 'active',
    createdAt: '2026-11-21T00:00:00.000Z',
    createdBy: 'you@example.com',
    updatedAt: '2026-11-21T00:00:00.000Z',
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    rateLimit: { requests: 100, windowSeconds: 60 },
  };

  it('lists the active keys of the profile and its organization, one line each', async () => {
    const run = await user.run('organization list-keys', {
      replies: [ok({ keys: [key], nextCursor: null })],
    });
    expect(run.sent[0]?.url).toBe('http://keys.test/v1/organizations/org1/keys?state=active&limit=200');
    expect(run.stdout.split('\n')).toEqual([
      '  KEY ID  NAME         PREFIX        STATE   EXPIRES  LAST USED  RATE LIMIT         SCOPES',
      '  key2    CI  [31mkey  cko_aB12cD34  active  never    never      100 calls in 60 s  a:b, c:d',
      '',
    ]);
  });

  it('asks for all keys, page after page, and joins them in one body', async () => {
    const replies = [
      ok({ keys: [key], nextCursor: 'c1' }, 'r1'),
      ok({ keys: [{ ...key, keyId: 'key3' }], nextCursor: null }, 'r2'),
    ];
    const run = await user.run('organization list-keys --organization-id org2 --all --json', { replies });
    expect(run.sent.map(({ url }) => url)).toEqual([
      'http://keys.test/v1/organizations/org2/keys?state=all&limit=200',
      'http://keys.test/v1/organizations/org2/keys?state=all&limit=200&cursor=c1',
    ]);
    expect(run.json()).toEqual({
      success: true,
      data: { keys: [key, { ...key, keyId: 'key3' }], nextCursor: null },
      requestId: 'r2',
    });
  });

  it('says on stderr that there is none', async () => {
    const run = await user.run('organization list-keys', { replies: [ok({ keys: [], nextCursor: null })] });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: 'No active keys.\n' });
  });

  it('asks the server whose key it is when no profile tells', async () => {
    const replies = [ok({ type: 'org-api-key', organizationId: 'org7' }), ok({ keys: [], nextCursor: null })];
    const run = await user.run('organization list-keys', {
      replies,
      env: { LATCHKEY_API_KEY: 'cko_EXAMPLE' },
    });
    expect(run.code).toBe(0);
    expect(run.sent.map(({ url }) => new URL(url).pathname)).toEqual([
      '/v1/whoami',
      '/v1/organizations/org7/keys',
    ]);
    const refusedRun = await user.run('organization list-keys', {
      replies: [refused(401, 'KEY_REVOKED')],
      env: { LATCHKEY_API_KEY: 'cko_EXAMPLE' },
    });
    expect(refusedRun.code).toBe(1);
    expect(refusedRun.stderr).toContain('KEY_REVOKED');
  });

  it('needs an organization for a key that belongs to none', async () => {
    const run = await user.run('organization list-keys', { env: { LATCHKEY_API_KEY: 'cka_EXAMPLE' } });
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('Missing: --organization-id <id>');
  });
});

describe('revoke-key', () => {
  const revoked = ok({ keyId: 'key2', revokedAt: '2026-11-21T00:00:00.000Z' });
  const line = 'organization revoke-key --key-id key2';

  it('asks first, and revokes when the person agrees', async () => {
    const run = await user.run(line, { replies: [revoked], person: { agrees: true } });
    expect(run.questions).toEqual(['Revoke the key key2? This is final.']);
    expect(run.sent).toEqual([
      { method: 'POST', url: 'http://keys.test/v1/keys/key2/revoke', key: callerKey, body: {} },
    ]);
    expect(run.stdout).toContain(
      '\n✓ API key revoked\n\n  Key ID:  key2\n  Revoked: 2026-11-21T00:00:00.000Z\n',
    );
  });

  it('revokes nothing when the person does not agree', async () => {
    const run = await user.run(line, { person: { agrees: false } });
    expect(run).toMatchObject({ code: 1, sent: [], stderr: 'Nothing was revoked.\n' });
  });

  it('refuses to go on without --yes where nobody can be asked', async () => {
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('--yes');
  });

  it('asks nobody with --yes', async () => {
    const run = await user.run(`${line} --yes --json`, { replies: [revoked] });
    expect(run).toMatchObject({ code: 0, questions: [] });
    expect(run.json()).toEqual(revoked.body);
  });

  it('points at the profile that holds the revoked key', async () => {
    user.save({ acme: caller, ci: { ...caller, keyId: 'key2' } });
    const run = await user.run(`${line} --yes`, { replies: [revoked] });
    expect(run.stderr).toContain('latchkey logout ci');
  });
});
