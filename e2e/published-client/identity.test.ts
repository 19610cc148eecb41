import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultScopes } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../clients.ts';
import { call, dataOf } from '../http-client.ts';
import { transcript } from '../transcript.ts';
import { startWorld, type World } from '../world.ts';

describeEachEngine('the published client: whoami and use', (open) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(await open());
  });
  afterAll(() => world.close());

  async function signedUp(company: string, client = world.client('codika')): Promise<Client> {
    const email = world.newEmail();
    expect((await client.run(['auth', 'signup-request', '--email', email])).code).toBe(0);
    const code = await world.mail.codeFor(email);
    const args = ['auth', 'signup-complete', '--email', email, '--code', code, '--company', company];
    expect((await client.run(args)).code).toBe(0);
    return client;
  }

  function savedKey(client: Client, profile: string): string {
    const config = JSON.parse(readFileSync(join(client.home, '.config/codika/config.json'), 'utf8')) as {
      profiles: Record<string, { apiKey: string }>;
    };
    return config.profiles[profile]?.apiKey ?? 'no such profile';
  }

  async function revokeItself(key: string): Promise<void> {
    const whoami = `${world.server.baseUrl}/v1/whoami`;
    const who = dataOf(await call('keys.whoami', whoami, undefined, { key, method: 'GET' }));
    const keyId = 'keyId' in who ? who.keyId : 'not a key';
    dataOf(await call('keys.revoke', `${world.server.baseUrl}/v1/keys/${keyId}/revoke`, undefined, { key }));
  }

  describe('whoami', () => {
    it('shows the organization and the scopes of a key', async () => {
      const client = await signedUp('Acme');
      const shown = await client.run(['whoami']);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(shown.stdout)).toEqual([
        'Logged in to Codika',
        'Organization: Acme (<id>)',
        'Key name: CLI default key',
        'Key: <masked>',
        `Scopes: ${defaultScopes.join(', ')}`,
        'Profile: acme',
      ]);
    });

    it('shows the same as JSON, without the secret', async () => {
      const client = await signedUp('Acme');
      const shown = await client.json(['whoami']);
      expect(shown.code).toBe(0);
      expect(shown.body).toMatchObject({
        loggedIn: true,
        type: 'org-api-key',
        organizationId: expect.stringMatching(/^[0-9A-Za-z]{20}$/),
        organizationName: 'Acme',
        keyName: 'CLI default key',
        keyPrefix: expect.stringMatching(/^cko_[0-9A-Za-z]{8}$/),
        scopes: defaultScopes,
        createdAt: expect.stringMatching(/^20.*Z$/),
        source: 'profile "acme"',
        profileName: 'acme',
      });
      expect(JSON.stringify(shown.body)).not.toContain(savedKey(client, 'acme'));
    });

    it.each([
      ['personal', 'Logged in to Codika (personal)', 'personal-api-key'],
      ['admin', 'Logged in to Codika (admin)', 'admin-api-key'],
    ] as const)('knows a %s key from the environment', async (family, heading, type) => {
      const owner = family === 'personal' ? { email: (await world.account()).email } : {};
      const key = await world.keyFromHost({ family, ...owner, scopes: ['api-keys:manage'] });
      const client = world.client('codika');
      const shown = await client.run(['whoami'], { CODIKA_API_KEY: key });
      expect(transcript(shown.stdout)).toEqual([
        heading,
        `Key name: ${family} key`,
        'Key: <masked>',
        'Scopes: api-keys:manage',
      ]);
      const { body } = await client.json<object>(['whoami'], { CODIKA_API_KEY: key });
      expect(body).toMatchObject({ loggedIn: true, type, source: 'env (CODIKA_API_KEY)' });
      expect(body).not.toHaveProperty('organizationId');
    });

    it('says so when nobody is logged in', async () => {
      const client = world.client('codika');
      expect(await client.run(['whoami'])).toMatchObject({ code: 1 });
      expect(await client.json(['whoami'])).toMatchObject({ code: 1, body: { loggedIn: false } });
    });

    it('passes on why a key from the environment is not accepted', async () => {
      const client = await signedUp('Acme');
      const key = savedKey(client, 'acme');
      await revokeItself(key);
      const stranger = world.client('codika');
      const refusals = [
        ['cko_tooShort', /its form or its checksum is wrong/],
        [key, /was revoked/],
      ] as const;
      for (const [sent, reason] of refusals) {
        const text = await stranger.run(['whoami'], { CODIKA_API_KEY: sent });
        expect(text.code).toBe(1);
        expect(text.stdout).toMatch(reason);
        const json = await stranger.json<{ error: string }>(['whoami'], { CODIKA_API_KEY: sent });
        expect(json.code).toBe(1);
        expect(json.body.error).toMatch(reason);
      }
    });

    it('falls back to what it saved when its key was revoked', async () => {
      const client = await signedUp('Acme');
      await revokeItself(savedKey(client, 'acme'));
      const text = await client.run(['whoami']);
      expect(text.code).toBe(0);
      expect(transcript(text.stdout)[0]).toMatch(/^Logged in to Codika \(cached/);
      expect(await client.json(['whoami'])).toMatchObject({ code: 0, body: { cached: true } });
    });
  });

  describe('use', () => {
    it('lists profiles and switches between them', async () => {
      const client = await signedUp('Beta Corp', await signedUp('Acme'));
      const list = await client.run(['use']);
      expect(list).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(list.stdout).slice(0, 3)).toEqual([
        'Profiles:',
        'acme Acme <id> <masked>',
        '● beta-corp Beta Corp <id> <masked>',
      ]);
      const switched = await client.run(['use', 'acme']);
      expect(transcript(switched.stdout)).toEqual([
        '✓ Switched to "acme"',
        'Organization: Acme',
        'Key: <masked>',
      ]);
      const json = await client.json(['use']);
      const profile = (name: string, organizationName: string) => ({
        name,
        active: name === 'acme',
        type: 'org-api-key',
        organizationId: expect.stringMatching(/^[0-9A-Za-z]{20}$/),
        organizationName,
        keyPrefix: expect.stringMatching(/^cko_[0-9A-Za-z]{8}$/),
        scopes: defaultScopes,
        expiresAt: null,
      });
      expect(json.body).toEqual({
        activeProfile: 'acme',
        profiles: [profile('acme', 'Acme'), profile('beta-corp', 'Beta Corp')],
      });
      expect((await client.json(['whoami'])).body).toMatchObject({ organizationName: 'Acme' });
    });

    it('refuses an unknown profile and knows when there is none', async () => {
      const client = world.client('codika');
      expect((await client.run(['use'])).code).toBe(1);
      expect(await client.json(['use'])).toMatchObject({
        code: 0,
        body: { activeProfile: null, profiles: [] },
      });
      await signedUp('Acme', client);
      const refused = await client.run(['use', 'nobody']);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('Available: acme');
    });
  });
});
