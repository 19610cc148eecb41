import { organizationScopes } from '@latchkey/protocol';

import { afterAll, beforeAll, describe, it } from 'vitest';
import { logoFile } from '../logo.ts';
import { expectOrganizationRefusal, type Said } from '../refusals.ts';
import { emptySqlite, startWorld, type World } from '../world.ts';

describe.each(['codika', 'latchkey'] as const)('%s organization create', (program) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(emptySqlite());
  });
  afterAll(() => world.close());

  const create = (key: string, name: string, ...more: string[]) => {
    return ['organization', 'create', '--name', name, '--api-key', key, ...more];
  };

  describe('refuses', () => {
    const problem = (text: RegExp): Said => ({ message: text });

    const names: [string, string, string[], Said][] = [
      ['a name of one character', 'A', [], problem(/name/)],
      ['a name of 101 characters', 'x'.repeat(101), [], problem(/name/)],
      ['a name of spaces', '   ', [], problem(/name/)],
    ];
    // The command of this repository refuses these by itself, and sends nothing.
    const unchecked: typeof names = [
      ['an unknown size', 'Acme', ['--size', 'huge'], problem(/size/)],
      ['an n8n address without its key', 'Acme', ['--n8n-base-url', 'https://n8n.example.test'], {}],
      ['an n8n key without its address', 'Acme', ['--n8n-api-key', 'not-a-secret'], {}],
    ];
    it.each(
      program === 'codika' ? [...names, ...unchecked] : names,
    )('%s', async (_what, name, more, said) => {
      const { personalKey } = await world.account({ organizations: [] });
      const args = create(personalKey, name, ...more);
      await expectOrganizationRefusal(world.client(program), args, 'INVALID_REQUEST', said);
    });

    it('an n8n connection that this server cannot make', async () => {
      const { personalKey } = await world.account({ organizations: [] });
      const n8n = ['--n8n-base-url', 'https://n8n.example.test', '--n8n-api-key', 'not-a-secret'];
      const args = create(personalKey, 'Acme', ...n8n);
      await expectOrganizationRefusal(world.client(program), args, 'N8N_NOT_AVAILABLE');
    });

    it('a logo that is not the picture that its name says', async () => {
      const { personalKey } = await world.account({ organizations: [] });
      const args = create(personalKey, 'Acme', '--logo', logoFile('logo.jpg'));
      await expectOrganizationRefusal(world.client(program), args, 'LOGO_INVALID');
    });

    it('an organization key', async () => {
      const { personalKey, organizations } = await world.account();
      const client = world.client(program);
      const named = ['--organization-id', organizations[0]?.id ?? '', '--name', 'CI'];
      const scopes = ['--scopes', organizationScopes.join(',')];
      const args = ['organization', 'create-key', ...named, ...scopes, '--api-key', personalKey];
      const { body } = await client.json<{ data: { apiKey: string } }>(args);
      await expectOrganizationRefusal(client, create(body.data.apiKey, 'Acme'), 'KEY_FAMILY_NOT_ALLOWED');
    });

    it('a personal key without the scope, which it names', async () => {
      const { personalKey } = await world.account({ scopes: ['api-keys:manage'] });
      const said = { message: /organizations:create/ };
      const args = create(personalKey, 'Acme');
      await expectOrganizationRefusal(world.client(program), args, 'SCOPE_MISSING', said);
    });

    it('a key that is mistyped, unknown or in the wrong place', async () => {
      const client = world.client(program);
      const { personalKey } = await world.account({ organizations: [] });
      await expectOrganizationRefusal(client, create(`${personalKey}x`, 'Acme'), 'KEY_MALFORMED');
      await expectOrganizationRefusal(client, create('nonsense', 'Acme'), 'KEY_MALFORMED');
    });

    it('the 51st organization of one person', async () => {
      const organizations = Array.from({ length: 50 }, (_, n) => `Organization ${n + 1}`);
      const { personalKey } = await world.account({ organizations });
      const args = create(personalKey, 'One more');
      await expectOrganizationRefusal(world.client(program), args, 'MAX_ORGANIZATIONS_REACHED');
    });
  });
});
