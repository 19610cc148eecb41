import { generateKey } from '@latchkey/keys';
import { organizationScopes } from '@latchkey/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, codeOf, dataOf } from '../http-client.ts';
import { expectOrganizationRefusal } from '../refusals.ts';
import { type Account, emptySqlite, startWorld, type World } from '../world.ts';

const unknownId = '019d312f-0000-7000-8000-000000000000';

describe.each(['codika', 'latchkey'] as const)('%s organization keys', (program) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(emptySqlite());
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

  /** What a change of membership elsewhere would leave behind. */
  async function demote(account: Account): Promise<void> {
    const where = `where organization_id = '${idOf(account)}'`;
    await world.database.change(`update memberships set role = 'developer' ${where}`);
  }

  describe('create-key', () => {
    it('refuses a key without the scope, which it names', async () => {
      const account = await world.account();
      const { apiKey } = await world.mint(account, ['projects:read']);
      const args = createKey(idOf(account), apiKey, 'projects:read');
      const said = { message: /api-keys:manage/ };
      await expectOrganizationRefusal(world.client(program), args, 'SCOPE_MISSING', said);
    });

    it('refuses an unknown scope, names the valid ones and creates nothing', async () => {
      const account = await world.account();
      const args = createKey(idOf(account), account.personalKey, 'projects:read,projects:destroy');
      const said = { message: /projects:destroy.*deploy:use-case/ };
      await expectOrganizationRefusal(world.client(program), args, 'INVALID_SCOPE', said);
      const keys = `select id from api_keys where organization_id = '${idOf(account)}' and revoked_at is null`;
      expect(await world.database.rows(keys)).toEqual([]);
    });

    it('refuses a scope that no organization key can hold', async () => {
      const account = await world.account();
      const args = createKey(idOf(account), account.personalKey, 'organizations:create');
      await expectOrganizationRefusal(world.client(program), args, 'INVALID_SCOPE');
    });

    it('refuses to hand out more than an organization key has, and names it', async () => {
      const account = await world.account();
      const { apiKey } = await world.mint(account, ['api-keys:manage', 'projects:read']);
      const args = createKey(idOf(account), apiKey, 'projects:read,deploy:use-case');
      const said = { message: /deploy:use-case/ };
      await expectOrganizationRefusal(world.client(program), args, 'SCOPE_ESCALATION', said);
    });

    it('refuses whoever does not manage the organization', async () => {
      const account = await world.account();
      const { apiKey } = await world.mint(account, organizationScopes);
      await demote(account);
      for (const key of [account.personalKey, apiKey]) {
        const args = createKey(idOf(account), key, 'projects:read');
        await expectOrganizationRefusal(world.client(program), args, 'ROLE_REQUIRED');
      }
    });

    it('refuses the key of another organization', async () => {
      const account = await world.account();
      const other = await world.account();
      const { apiKey } = await world.mint(other, organizationScopes);
      const args = createKey(idOf(account), apiKey, 'projects:read');
      await expectOrganizationRefusal(world.client(program), args, 'ORGANIZATION_MISMATCH');
    });

    it('refuses an organization that does not exist', async () => {
      const admin = await world.keyFromHost({ family: 'admin', scopes: ['api-keys:manage'] });
      const args = createKey('xwk9CcT440Vupa8soIhY', admin, 'projects:read');
      await expectOrganizationRefusal(world.client(program), args, 'ORGANIZATION_NOT_FOUND');
    });

    it.each(
      program === 'codika' ? ['0', '366', 'soon'] : ['0', '366'],
    )('refuses an expiry of %s days', async (days) => {
      const account = await world.account();
      const expiry = ['--expires-in-days', days];
      const args = createKey(idOf(account), account.personalKey, 'projects:read', ...expiry);
      await expectOrganizationRefusal(world.client(program), args, 'INVALID_EXPIRES_IN_DAYS');
    });

    it('refuses the 21st active key, until one is revoked', async () => {
      const account = await world.account();
      const minted = await Promise.all(
        Array.from({ length: 20 }, () => world.mint(account, ['projects:read'])),
      );
      const client = world.client(program);
      const args = createKey(idOf(account), account.personalKey, 'projects:read');
      await expectOrganizationRefusal(client, args, 'MAX_API_KEYS_REACHED');
      await world.revoke(account, minted[0]?.keyId ?? '');
      expect((await client.run(args)).code).toBe(0);
    });

    it('refuses a key that is mistyped, unknown, revoked or expired', async () => {
      const account = await world.account();
      const revoked = await world.mint(account, organizationScopes);
      await world.revoke(account, revoked.keyId);
      const expired = await world.mint(account, organizationScopes);
      const past = Date.now() - 1000;
      await world.database.change(`update api_keys set expires_at = ${past} where id = '${expired.keyId}'`);
      const refusals = [
        ['cko_tooShort', 'KEY_MALFORMED'],
        [generateKey('organization'), 'KEY_UNKNOWN'],
        [revoked.apiKey, 'KEY_REVOKED'],
        [expired.apiKey, 'KEY_EXPIRED'],
      ] as const;
      for (const [key, code] of refusals) {
        const args = createKey(idOf(account), key, 'projects:read');
        await expectOrganizationRefusal(world.client(program), args, code);
      }
    });
  });

  describe('update-key', () => {
    it('refuses an unknown key id', async () => {
      const account = await world.account();
      const args = updateKey(unknownId, account.personalKey, '--name', 'New');
      await expectOrganizationRefusal(world.client(program), args, 'KEY_NOT_FOUND');
    });

    it('refuses an unknown scope and changes nothing', async () => {
      const account = await world.account();
      const { keyId, apiKey } = await world.mint(account, organizationScopes);
      const changes = ['--name', 'New', '--scopes', 'projects:destroy'];
      const args = updateKey(keyId, account.personalKey, ...changes);
      const said = { message: /projects:destroy.*projects:read/ };
      await expectOrganizationRefusal(world.client(program), args, 'INVALID_SCOPE', said);
      const url = `${world.server.baseUrl}/v1/whoami`;
      const whoami = await call('keys.whoami', url, undefined, { key: apiKey, method: 'GET' });
      expect(dataOf(whoami)).toMatchObject({ keyName: 'CI', scopes: organizationScopes });
    });

    it('refuses to add what the caller does not have', async () => {
      const account = await world.account();
      const { keyId, apiKey } = await world.mint(account, ['api-keys:manage']);
      const args = updateKey(keyId, apiKey, '--scopes', 'api-keys:manage,deploy:use-case');
      const said = { message: /deploy:use-case/ };
      await expectOrganizationRefusal(world.client(program), args, 'SCOPE_ESCALATION', said);
    });

    it('refuses whoever does not manage the organization', async () => {
      const account = await world.account();
      const { keyId } = await world.mint(account, ['projects:read']);
      await demote(account);
      const args = updateKey(keyId, account.personalKey, '--name', 'New');
      await expectOrganizationRefusal(world.client(program), args, 'ROLE_REQUIRED');
    });

    it('refuses the key of another organization', async () => {
      const { keyId } = await world.mint(await world.account(), ['projects:read']);
      const { apiKey } = await world.mint(await world.account(), organizationScopes);
      const args = updateKey(keyId, apiKey, '--name', 'New');
      await expectOrganizationRefusal(world.client(program), args, 'ORGANIZATION_MISMATCH');
    });

    it('refuses to change a revoked key, which stays revoked', async () => {
      const account = await world.account();
      const { keyId, apiKey } = await world.mint(account, ['projects:read']);
      await world.revoke(account, keyId);
      const args = updateKey(keyId, account.personalKey, '--name', 'New');
      await expectOrganizationRefusal(world.client(program), args, 'KEY_NOT_ACTIVE', { message: /revoked/ });
      const url = `${world.server.baseUrl}/v1/whoami`;
      const whoami = await call('keys.whoami', url, undefined, { key: apiKey, method: 'GET' });
      expect(codeOf(whoami)).toBe('KEY_REVOKED');
    });

    it('refuses a name that is too long', async () => {
      const account = await world.account();
      const { keyId } = await world.mint(account, ['projects:read']);
      const args = updateKey(keyId, account.personalKey, '--name', 'x'.repeat(101));
      await expectOrganizationRefusal(world.client(program), args, 'INVALID_REQUEST', { message: /name/ });
    });
  });
});
