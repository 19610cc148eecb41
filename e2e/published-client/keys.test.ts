import { organizationScopes } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOrganizationRefusal } from '../refusals.ts';
import { transcript } from '../transcript.ts';
import { type Account, startWorld, type World } from '../world.ts';

interface Minted {
  readonly success: true;
  readonly data: { readonly keyId: string; readonly apiKey: string };
}

describeEachEngine('the published client: organization keys', (open) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(await open());
  });
  afterAll(() => world.close());

  const idOf = (account: Account) => account.organizations[0]?.id ?? '';
  const createKey = (organizationId: string, key: string, scopes: string, ...more: string[]) => {
    const named = ['--organization-id', organizationId, '--name', 'CI Deploy Key'];
    return ['organization', 'create-key', ...named, '--scopes', scopes, '--api-key', key, ...more];
  };
  const updateKey = (keyId: string, key: string, ...changes: string[]) => {
    return ['organization', 'update-key', '--key-id', keyId, '--api-key', key, ...changes];
  };

  describe('create-key', () => {
    it('shows the key once and saves it', async () => {
      const account = await world.account();
      const client = world.client('codika');
      const scopes = 'deploy:use-case,workflows:trigger';
      const made = await client.run(createKey(idOf(account), account.personalKey, scopes));
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(made.stdout)).toEqual([
        'Creating API key "CI Deploy Key" for organization <id>...',
        '✓ Organization API Key Created Successfully',
        '⚠ Save the API key below — it will not be shown again.',
        'API Key: <secret>',
        'Key Prefix: <prefix>',
        'Key ID: <id>',
        'Name: CI Deploy Key',
        'Scopes: deploy:use-case, workflows:trigger',
        'Created: <date>',
        'Request ID: <id>',
        'Saved as profile "ci-deploy-key" (now active)',
      ]);
      const whoami = await client.json<{ keyName: string }>(['whoami']);
      expect(whoami.body).toMatchObject({ loggedIn: true, keyName: 'CI Deploy Key' });
    });

    it('takes every option, as JSON', async () => {
      const account = await world.account();
      const options = ['--description', 'For agents', '--expires-in-days', '90'];
      const args = createKey(idOf(account), account.personalKey, 'projects:read', ...options);
      const made = await world.client('codika').json<Minted>(args);
      expect(made.code).toBe(0);
      expect(made.body).toMatchObject({
        success: true,
        data: {
          keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          apiKey: expect.stringMatching(/^cko_[0-9A-Za-z]{49}$/),
          keyPrefix: expect.stringMatching(/^cko_[0-9A-Za-z]{8}$/),
          name: 'CI Deploy Key',
          scopes: ['projects:read'],
          createdAt: expect.stringMatching(/^20.*Z$/),
          expiresAt: expect.stringMatching(/^20.*Z$/),
        },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    });

    it('works with an admin key and with an organization key in its own organization', async () => {
      const account = await world.account();
      const admin = await world.keyFromHost({ family: 'admin', scopes: ['api-keys:manage'] });
      const own = await world.mint(account, organizationScopes);
      for (const key of [admin, own.apiKey]) {
        const made = await world.client('codika').run(createKey(idOf(account), key, 'projects:read'));
        expect(made.code).toBe(0);
      }
    });
  });

  describe('update-key', () => {
    it('changes scopes, name and description, each from the next request on', async () => {
      const account = await world.account();
      const { keyId, apiKey } = await world.mint(account, organizationScopes);
      const client = world.client('codika');
      const scopes = ['--scopes', 'deploy:use-case,instances:read,projects:read'];
      const changes = [
        '--name',
        'Production Deploy Key',
        ...scopes,
        '--description',
        'Used by CI/CD pipeline',
      ];
      const changed = await client.run(updateKey(keyId, apiKey, ...changes));
      expect(changed).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(changed.stdout)).toEqual([
        'Updating API key "<id>"...',
        '✓ API key updated',
        'Key ID: <id>',
        'Name: Production Deploy Key',
        'Scopes: deploy:use-case, instances:read, projects:read',
        'Description: Used by CI/CD pipeline',
      ]);
      const again = updateKey(keyId, apiKey, '--name', 'Once more');
      await expectOrganizationRefusal(client, again, 'SCOPE_MISSING', { message: /api-keys:manage/ });
    });

    it('clears a description and leaves the rest, as JSON', async () => {
      const account = await world.account();
      const { keyId } = await world.mint(account, ['projects:read']);
      const client = world.client('codika');
      const update = (description: string) => {
        return client.json(updateKey(keyId, account.personalKey, '--description', description));
      };
      expect((await update('Used by CI')).body).toMatchObject({ data: { description: 'Used by CI' } });
      const cleared = await update('');
      expect(cleared.code).toBe(0);
      expect(cleared.body).toEqual({
        success: true,
        data: {
          keyId,
          name: 'CI',
          description: '',
          scopes: ['projects:read'],
          updatedAt: expect.any(String),
        },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    });
  });
});
