import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultScopes } from '@latchkey/protocol';
import { describeEachEngine, runLatchkey } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './clients.ts';
import { logoFile } from './logo.ts';
import { sampleLines } from './seed-samples.ts';
import { transcript } from './transcript.ts';
import { startWorld, type World } from './world.ts';

const secretForm = /\bck[opa]_[0-9A-Za-z]{49}\b/;

function configFile(client: Client): string {
  return join(client.home, '.config/latchkey/config.json');
}

interface Config {
  readonly activeProfile: string | null;
  readonly profiles: Readonly<Record<string, { readonly apiKey: string; readonly baseUrl: string }>>;
}

function configOf(client: Client): Config {
  return JSON.parse(readFileSync(configFile(client), 'utf8')) as Config;
}

describeEachEngine('a person at a terminal', (open) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(await open());
  });
  afterAll(() => world.close());

  /** What a command shows that must succeed: its results, and its words. */
  async function shown(client: Client, ...args: string[]): Promise<{ out: string[]; err: string[] }> {
    const { code, stdout, stderr } = await client.run(args);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return { out: transcript(stdout), err: transcript(stderr) };
  }

  async function signedUp(client = world.client('latchkey')): Promise<Client> {
    const email = world.newEmail();
    await shown(client, 'auth', 'signup-request', '--email', email);
    const code = await world.mail.codeFor(email);
    await shown(client, 'auth', 'signup-complete', '--email', email, '--code', code);
    return client;
  }

  async function codeForLogin(client: Client, email: string): Promise<string> {
    await shown(client, 'auth', 'login-request', '--email', email);
    return await world.mail.codeFor(email);
  }

  async function organizationOf(client: Client): Promise<string> {
    return (await client.json<{ organizationId: string }>(['whoami'])).body.organizationId;
  }

  describe('with an address and nothing else', () => {
    it('has a working key after two commands', async () => {
      const client = world.client('latchkey');
      const email = world.newEmail();
      expect(await shown(client, 'auth', 'signup-request', '--email', email)).toEqual({
        out: [
          '✓ OTP sent',
          `Email: ${email}`,
          'Expires: in 600s (~10 minutes)',
          expect.stringMatching(/6-digit code/),
          `latchkey auth signup-complete --email ${email} --code <6-digit-code>`,
        ],
        err: [],
      });
      const code = await world.mail.codeFor(email);
      const completed = await shown(client, 'auth', 'signup-complete', '--email', email, '--code', code);
      expect(completed.out.slice(0, 6)).toEqual([
        '✓ Signup complete',
        'Profile: my-organization (active)',
        'Organization: My Organization (<id>)',
        'Key name: CLI default key',
        'Key: <masked>',
        `Scopes: ${defaultScopes.join(', ')}`,
      ]);
      expect(await shown(client, 'whoami')).toEqual({
        out: [
          'Logged in to Latchkey',
          'Organization: My Organization (<id>)',
          'Key name: CLI default key',
          'Key: <masked>',
          `Scopes: ${defaultScopes.join(', ')}`,
          'Profile: my-organization',
        ],
        err: [],
      });
    });

    it('sees JSON line by line as the page shows it', async () => {
      const client = world.client('latchkey');
      const email = world.newEmail();
      const asked = await shown(client, 'auth', 'signup-request', '--email', email, '--json');
      const lines = sampleLines('signupRequestJson').map((line) => line.replace('you@example.com', email));
      expect(asked).toEqual({ out: lines, err: [] });
      const code = await world.mail.codeFor(email);
      const args = ['auth', 'signup-complete', '--email', email, '--code', code, '--json'];
      expect(await shown(client, ...args)).toEqual({ out: sampleLines('signupCompleteJson'), err: [] });
    });

    it('never sees the secret, which is kept where only this account can read it', async () => {
      const client = world.client('latchkey');
      const email = world.newEmail();
      await shown(client, 'auth', 'signup-request', '--email', email);
      const code = await world.mail.codeFor(email);
      const done = await client.run(['auth', 'signup-complete', '--email', email, '--code', code]);
      expect(`${done.stdout}${done.stderr}`).not.toMatch(secretForm);
      expect(configOf(client).profiles['my-organization']?.apiKey).toMatch(secretForm);
      expect(statSync(configFile(client)).mode & 0o777).toBe(0o600);
    });

    it('needs no base URL again, and a new key of the same organization replaces the profile', async () => {
      const { email } = await world.account();
      const client = world.client('latchkey');
      const code = await codeForLogin(client, email);
      await shown(client, 'auth', 'login-complete', '--email', email, '--code', code);
      expect(configOf(client).profiles.acme?.baseUrl).toBe(world.server.baseUrl);
      const plain = await runLatchkey(['whoami'], { home: client.home });
      expect(transcript(plain.stdout)[1]).toBe('Organization: Acme (<id>)');
      await world.letTimePass(31);
      const again = await codeForLogin(client, email);
      await shown(client, 'auth', 'login-complete', '--email', email, '--code', again);
      expect(Object.keys(configOf(client).profiles)).toEqual(['acme']);
    });
  });

  describe('with several organizations', () => {
    it('sees them to choose from as the page shows it, and logs in to the one chosen', async () => {
      const { email, organizations } = await world.account({ organizations: ['Acme', 'Beta Corp'] });
      const client = world.client('latchkey');
      const code = await codeForLogin(client, email);
      const complete = ['auth', 'login-complete', '--email', email, '--code', code];
      const json = await client.run([...complete, '--json']);
      expect(json).toMatchObject({ code: 1, stderr: '' });
      expect(transcript(json.stdout)).toEqual(sampleLines('multipleOrganizationsJson'));
      const text = await client.run(complete);
      expect(text).toMatchObject({ code: 1, stdout: '' });
      expect(transcript(text.stderr).slice(-3)).toEqual([
        'Available organizations:',
        '<id> Acme',
        '<id> Beta Corp',
      ]);
      const picked = await shown(client, ...complete, '--organization-id', organizations[1]?.id ?? '');
      expect(picked.out.slice(0, 3)).toEqual([
        '✓ Login complete',
        'Profile: beta-corp (active)',
        'Organization: Beta Corp (<id>)',
      ]);
    });

    it('switches between profiles', async () => {
      const client = world.client('latchkey');
      for (const company of ['Acme', 'Beta Corp']) {
        const email = world.newEmail();
        await shown(client, 'auth', 'signup-request', '--email', email);
        const code = await world.mail.codeFor(email);
        const named = ['--company', company, '--key-expires-in', '30'];
        await shown(client, 'auth', 'signup-complete', '--email', email, '--code', code, ...named);
      }
      expect((await shown(client, 'use')).out.slice(0, 3)).toEqual([
        'Profiles:',
        'acme Acme <id> <masked>',
        '● beta-corp Beta Corp <id> <masked>',
      ]);
      const switched = await shown(client, 'use', 'acme');
      expect(switched.out).toEqual(['✓ Switched to "acme"', 'Organization: Acme', 'Key: <masked>']);
      expect((await shown(client, 'whoami')).out).toContain('Expires: <date>');
      const other = await shown(client, 'whoami', '--profile', 'beta-corp');
      expect(other.out[1]).toBe('Organization: Beta Corp (<id>)');
      const unknown = await client.run(['whoami', '--profile', 'nobody']);
      expect(unknown).toMatchObject({ code: 2, stdout: '' });
      expect(unknown.stderr).toContain('"nobody"');
    });

    it('makes one more with a personal key, with a logo', async () => {
      const { personalKey } = await world.account({ organizations: [] });
      const client = world.client('latchkey');
      const options = ['--size', '2-10', '--logo', logoFile('logo.png'), '--api-key', personalKey];
      expect(await shown(client, 'organization', 'create', '--name', 'Gamma', ...options)).toEqual({
        out: ['✓ Organization Created Successfully', 'Organization ID: <id>', 'Request ID: <id>'],
        err: expect.arrayContaining(['Creating organization "Gamma"...']),
      });
    });
  });

  describe('with a key that manages keys', () => {
    const forCi = ['--name', 'CI Deploy Key', '--scopes', 'deploy:use-case,workflows:trigger'];

    it('creates one for CI as the page shows it, narrows it and revokes it', async () => {
      const client = await signedUp();
      const organization = await organizationOf(client);
      const created = await client.run([
        'organization',
        'create-key',
        '--organization-id',
        organization,
        ...forCi,
      ]);
      expect(created.code).toBe(0);
      expect(transcript(created.stdout)).toEqual(sampleLines('createKey'));
      const secret = secretForm.exec(created.stdout)?.[0] ?? 'none';
      expect(`${created.stdout}${created.stderr}`.split(secret)).toHaveLength(2);

      const { body } = await client.json<{ keyId: string }>(['whoami']);
      await shown(client, 'use', 'my-organization');
      const narrower = ['--scopes', 'deploy:use-case,instances:read,projects:read'];
      const renamed = ['--key-id', body.keyId, '--name', 'Production Deploy Key', ...narrower];
      const updated = await shown(client, 'organization', 'update-key', ...renamed);
      expect(updated.out).toEqual(sampleLines('updateKey'));
      const described = ['--key-id', body.keyId, '--description', 'Used by CI/CD pipeline', '--json'];
      const json = await shown(client, 'organization', 'update-key', ...described);
      expect(json).toEqual({ out: sampleLines('updateKeyJson'), err: [] });

      const list = await shown(client, 'organization', 'list-keys');
      expect(list.out).toHaveLength(3);
      expect(list.out[1]).toMatch(/^<id> Production Deploy Key <prefix> active never/);
      const revoked = await shown(client, 'organization', 'revoke-key', '--key-id', body.keyId, '--yes');
      expect(revoked.out).toEqual(['✓ API key revoked', 'Key ID: <id>', 'Revoked: <instant>']);
      const refused = await client.run(['whoami', '--api-key', secret]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('✗ KEY_REVOKED');
      expect((await shown(client, 'organization', 'list-keys')).out).toHaveLength(2);
      expect((await shown(client, 'organization', 'list-keys', '--all')).out).toHaveLength(3);
    });

    it('gets the secret in JSON, once, and has it saved as well', async () => {
      const client = await signedUp();
      const organization = await organizationOf(client);
      const args = ['organization', 'create-key', '--organization-id', organization, ...forCi];
      const { code, body, stderr } = await client.json<{ data: { apiKey: string } }>([
        ...args,
        '--expires-in-days',
        '5',
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { activeProfile, profiles } = configOf(client);
      expect(activeProfile).toBe('org-api-key-ci-deploy-key');
      expect(profiles[activeProfile ?? '']).toMatchObject({
        apiKey: body.data.apiKey,
        organizationId: organization,
        organizationName: 'My Organization',
      });
      const warned = await client.run(['use', '--json']);
      expect(warned.stderr).toMatch(/expires in 5 days/);
    });

    it('may give it on stdin, in a file or in the environment', async () => {
      const key = configOf(await signedUp()).profiles['my-organization']?.apiKey ?? '';
      const other = world.client('latchkey');
      const file = join(other.home, 'key.txt');
      writeFileSync(file, `${key}\n`, { mode: 0o600 });
      expect((await shown(other, 'whoami', '--api-key-file', file)).out[0]).toBe('Logged in to Latchkey');
      const fromEnvironment = await other.run(['whoami'], { LATCHKEY_API_KEY: key });
      expect(transcript(fromEnvironment.stdout)).toContain('Source: env (LATCHKEY_API_KEY)');
      const saved = await runLatchkey(['login', '--api-key', '-', '--base-url', world.server.baseUrl], {
        home: other.home,
        stdin: `${key}\n`,
      });
      expect(saved.code).toBe(0);
      expect(transcript(saved.stdout)).toEqual([
        '✓ Logged in successfully',
        'Profile: my-organization (active)',
        'Organization: My Organization',
        'Key name: CLI default key',
        'Key: <masked>',
        `Scopes: ${defaultScopes.join(', ')}`,
        `Base URL: ${world.server.baseUrl}`,
      ]);
      expect((await shown(other, 'status')).out.slice(0, 3)).toEqual([
        'Identity',
        'Organization: My Organization (<id>)',
        'Profile: my-organization',
      ]);
      await shown(other, 'logout');
      expect(configOf(other)).toMatchObject({ activeProfile: null, profiles: {} });
      expect(await other.json(['whoami'])).toMatchObject({ code: 1, body: { loggedIn: false } });
    });
  });
});

describe('a wrong command line', () => {
  // Whatever was sent there would end with 1.
  const env = { LATCHKEY_BASE_URL: 'http://127.0.0.1:4', LATCHKEY_API_KEY: 'cko_unused' };
  const forKey = ['--organization-id', 'x', '--name', 'CI', '--scopes', 'projects:read'];

  it.each([
    [['auth', 'signup-request'], '--email'],
    [['auth', 'signup-request', '--email', ''], '--email'],
    [['auth', 'signup-complete', '--email', 'a@example.test'], '--code'],
    [['auth', 'login-complete', '--code', '123456'], '--email'],
    [['auth', 'login-complete', '--email', 'a@example.test', '--code', ''], '--code'],
    [['organization', 'create'], '--name'],
    [['organization', 'create', '--name', 'Acme', '--size', 'huge'], '--size'],
    [['organization', 'create', '--name', 'Acme', '--n8n-api-key', 'not-a-secret'], '--n8n-base-url'],
    [['organization', 'create', '--name', 'Acme', '--logo', 'logo.gif'], '--logo'],
    [['organization', 'create-key', '--name', 'CI', '--scopes', 'projects:read'], '--organization-id'],
    [['organization', 'create-key', '--organization-id', 'x', '--scopes', 'projects:read'], '--name'],
    [['organization', 'create-key', '--organization-id', 'x', '--name', 'CI'], '--scopes'],
    [['organization', 'create-key', ...forKey, '--scopes', ' , '], '--scopes'],
    [['organization', 'create-key', ...forKey, '--expires-in-days', 'soon'], '--expires-in-days'],
    [['organization', 'update-key', '--name', 'CI'], '--key-id'],
    [['organization', 'update-key', '--key-id', 'x'], '--scopes'],
    [['organization', 'update-key', '--key-id', 'x', '--scopes', ''], '--scopes'],
    [['organization', 'create-key', ...forKey, '--bogus'], '--bogus'],
    [['organisation', 'create'], 'organisation'],
  ])('%j ends with 2 and names %s, and nothing is sent', async (args, named) => {
    const refused = await runLatchkey(args, { env });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(named);
  });

  it.each([
    [['whoami'], 1],
    [['organization', 'create-key', ...forKey], 2],
    [['organization', 'update-key', '--key-id', 'x', '--name', 'CI'], 2],
    [['organization', 'create', '--name', 'Acme'], 2],
  ])('%j without any key ends with %i and says how to get one', async (args, code) => {
    const refused = await runLatchkey(args, { env: { LATCHKEY_BASE_URL: env.LATCHKEY_BASE_URL } });
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain('latchkey login');
  });
});
