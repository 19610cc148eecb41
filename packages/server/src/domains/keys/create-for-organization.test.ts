import { organizationScopes } from '@latchkey/protocol';
import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { addMember, countRows, keyRow, removeMember, setRole, tableText } from '../rows-for-tests.sql.ts';

const day = 86_400_000;
const published = '/createorganizationapikeypublic';
const valid = { name: 'CI', scopes: ['projects:read'] };

describeEachEngine('creating a key of an organization', (open) => {
  const email = 'owner@example.com';
  let app: TestApp;
  let organizationId: string;
  const keys = { organization: '', personal: '', admin: '' };
  beforeAll(async () => {
    app = await startTestApp(await open());
    const signup = await app.signUp(email, 'Acme');
    organizationId = signup.organizationId;
    keys.organization = signup.apiKey.raw;
    keys.personal = await operatorKey('personal', ['api-keys:manage'], email);
    keys.admin = await operatorKey('admin', ['api-keys:manage']);
  });
  afterAll(() => app.close());

  async function operatorKey(family: 'personal' | 'admin', scopes: string[], of?: string): Promise<string> {
    return (await createByOperator(app.deps, { family, name: 'Made by hand', scopes, email: of })).apiKey;
  }

  const create = (body: object, key = keys.organization, id = organizationId) =>
    app.call(`/v1/organizations/${id}/keys`, { body: { ...valid, ...body }, key });

  /** Mints, and frees the place again, since an organization has only twenty. */
  async function mintBriefly(body: object, key = keys.organization, id = organizationId) {
    const answer = await create(body, key, id);
    const { data } = answer.body;
    if (data !== undefined) await revoke(data.keyId, data.apiKey);
    return answer;
  }
  const revoke = (keyId: string, key: string) => app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key });

  describe.each(['organization', 'personal', 'admin'] as const)('with an %s key', (family) => {
    it('answers exactly the published shape at both paths', async () => {
      const scopes = ['workflows:trigger', 'deploy:use-case'];
      const body = { name: ' CI ', scopes, description: 'For the pipeline' };
      for (const answer of [
        await create(body, keys[family]),
        await app.call(published, { body: { ...body, organizationId }, key: keys[family] }),
      ]) {
        expect(answer.status).toBe(200);
        const { data } = answer.body;
        expect(answer.body).toEqual({
          success: true,
          data: {
            keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            apiKey: expect.stringMatching(/^cko_[0-9A-Za-z]{49}$/),
            keyPrefix: data.apiKey.slice(0, 12),
            name: 'CI',
            scopes,
            createdAt: new Date(app.clock.now()).toISOString(),
            organizationId,
          },
          requestId: answer.headers['x-request-id'],
        });
        expect((await keyRow(app.deps.store, data.keyId)).description).toBe('For the pipeline');
        await revoke(data.keyId, data.apiKey);
      }
    });

    it('refuses a scope that does not exist, names the valid ones and creates nothing', async () => {
      const rows = await countRows(app.deps.store, 'api_keys');
      const answer = await create({ scopes: ['projects:read', 'projects:reed'] }, keys[family]);
      expect(refusal(answer)).toEqual({
        status: 400,
        code: 'INVALID_SCOPE',
        details: { unknown: ['projects:reed'], valid: organizationScopes },
      });
      for (const scope of ['projects:reed', ...organizationScopes]) {
        expect(answer.body.error.message).toContain(scope);
      }
      expect(await countRows(app.deps.store, 'api_keys')).toBe(rows);
    });

    it.each([
      'organizations:create',
      'deploy:data-ingestion',
      '*',
      'Projects:Read',
      ' projects:read',
    ])('never grants %j to an organization key', async (scope) => {
      expect(refusal(await create({ scopes: [scope] }, keys[family])).code).toBe('INVALID_SCOPE');
    });

    it('refuses an organization that does not exist', async () => {
      const answer = await create({}, keys[family], 'no-such-organization');
      expect(refusal(answer)).toEqual({ status: 404, code: 'ORGANIZATION_NOT_FOUND' });
    });
  });

  it('makes a key that works at once, for what it was given', async () => {
    const { apiKey, keyId } = (await create({ scopes: ['api-keys:manage'] })).body.data;
    const me = await app.call('/v1/whoami', { key: apiKey });
    expect(me.body.data).toMatchObject({ keyId, scopes: ['api-keys:manage'], organizationName: 'Acme' });
    await revoke(keyId, apiKey);
  });

  it('keeps the secret nowhere', async () => {
    const { apiKey, keyId } = (await create({})).body.data;
    expect(await tableText(app.deps.store, 'api_keys')).toContain(keyId);
    expect(await tableText(app.deps.store, 'api_keys')).not.toContain(apiKey.slice(12));
    expect(app.logLines.join('')).not.toContain(apiKey.slice(12));
    await revoke(keyId, apiKey);
  });

  it('grants a scope once that was asked for twice, in the order of asking', async () => {
    const scopes = ['skills:read', 'projects:read', 'skills:read'];
    expect((await mintBriefly({ scopes })).body.data.scopes).toEqual(['skills:read', 'projects:read']);
  });

  it('does not repeat what may be a secret in place of a scope', async () => {
    const answer = await create({ scopes: ['sk_live_4eC39HqLyjWDarjtT1zdp7dc'] });
    expect(refusal(answer).code).toBe('INVALID_SCOPE');
    expect(JSON.stringify(answer.body)).not.toContain('4eC39HqLyjWDarjtT1zdp7dc');
  });

  describe('what a caller may grant', () => {
    it('is, for an organization key, what it holds itself', async () => {
      const scopes = ['api-keys:manage', 'projects:read'];
      const { apiKey, keyId } = (await create({ scopes })).body.data;
      expect((await mintBriefly({ scopes }, apiKey)).status).toBe(200);
      const answer = await create({ scopes: ['projects:read', 'deploy:use-case', 'skills:read'] }, apiKey);
      expect(refusal(answer)).toEqual({
        status: 403,
        code: 'SCOPE_ESCALATION',
        details: { scopes: ['deploy:use-case', 'skills:read'] },
      });
      expect(answer.body.error.message).toMatch(/cannot grant scopes.*deploy:use-case, skills:read/);
      await revoke(keyId, apiKey);
    });

    it('is, for a personal key, what its user may do there, whatever the key holds', async () => {
      expect((await mintBriefly({ scopes: organizationScopes }, keys.personal)).status).toBe(200);
    });

    it('is everything for an admin key', async () => {
      expect((await mintBriefly({ scopes: organizationScopes }, keys.admin)).status).toBe(200);
    });

    it('needs the scope api-keys:manage, which the refusal names', async () => {
      const { apiKey, keyId } = (await create({ scopes: ['projects:read'] })).body.data;
      for (const key of [
        apiKey,
        await operatorKey('personal', ['organizations:create'], email),
        await operatorKey('admin', ['projects:read']),
      ]) {
        const answer = await create({}, key);
        expect(refusal(answer)).toEqual({
          status: 403,
          code: 'SCOPE_MISSING',
          details: { scope: 'api-keys:manage' },
        });
        expect(answer.body.error.message).toContain('api-keys:manage');
        expect(answer.headers['www-authenticate']).toContain('scope="api-keys:manage"');
      }
      await revoke(keyId, apiKey);
    });

    it('needs the role owner or admin at that moment, though the key has the scope', async () => {
      for (const key of [keys.organization, keys.personal]) {
        for (const role of ['developer', 'runner', 'read-only'] as const) {
          await setRole(app.deps.store, organizationId, email, role);
          const answer = await create({}, key);
          expect(refusal(answer)).toEqual({ status: 403, code: 'ROLE_REQUIRED' });
          expect(answer.body.error.message).toMatch(/owner or admin/);
        }
        await setRole(app.deps.store, organizationId, email, 'admin');
        expect((await mintBriefly({ scopes: organizationScopes }, key)).status).toBe(200);
        await setRole(app.deps.store, organizationId, email, 'owner');
      }
    });

    it('is nothing for somebody who was taken out of the organization', async () => {
      const member = 'leaver@example.com';
      await addMember(app.deps.store, organizationId, member, 'admin');
      const key = await operatorKey('personal', ['api-keys:manage'], member);
      expect((await mintBriefly({}, key)).status).toBe(200);
      await removeMember(app.deps.store, member);
      expect(refusal(await create({}, key))).toEqual({ status: 403, code: 'ROLE_REQUIRED' });
    });

    it('is nothing in an organization of others', async () => {
      const other = await app.signUp(`${crypto.randomUUID()}@example.com`);
      expect(refusal(await create({}, keys.organization, other.organizationId))).toEqual({
        status: 403,
        code: 'ORGANIZATION_MISMATCH',
      });
      const foreign = await create({}, keys.personal, other.organizationId);
      expect(refusal(foreign)).toEqual({ status: 403, code: 'ROLE_REQUIRED' });
    });

    it('is nothing for a key that acts as nobody', async () => {
      const { apiKey, keyId } = (await create({ scopes: ['api-keys:manage'] }, keys.admin)).body.data;
      expect(refusal(await create({ scopes: ['api-keys:manage'] }, apiKey)).code).toBe('ROLE_REQUIRED');
      await revoke(keyId, apiKey);
    });

    it('is nothing for a revoked key', async () => {
      const { apiKey, keyId } = (await create({ scopes: ['api-keys:manage'] })).body.data;
      await revoke(keyId, apiKey);
      expect(refusal(await create({}, apiKey))).toEqual({ status: 401, code: 'KEY_REVOKED' });
    });
  });

  it.each([
    ['no name', { name: undefined }],
    ['an empty name', { name: ' ' }],
    ['a name of 101 characters', { name: 'x'.repeat(101) }],
    ['no scopes', { scopes: undefined }],
    ['an empty list of scopes', { scopes: [] }],
    ['scopes as text', { scopes: 'projects:read' }],
    ['a description of 501 characters', { description: 'x'.repeat(501) }],
    ['an unknown field', { userId: 'somebody' }],
  ])('refuses %s and creates nothing', async (_what, body) => {
    const rows = await countRows(app.deps.store, 'api_keys');
    expect(refusal(await create(body))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(await countRows(app.deps.store, 'api_keys')).toBe(rows);
  });

  describe('an expiry', () => {
    it.each([1, 90, 365])('of %i days is answered and kept', async (expiresInDays) => {
      const { data } = (await mintBriefly({ expiresInDays })).body;
      expect(data.expiresAt).toBe(new Date(app.clock.now() + expiresInDays * day).toISOString());
    });

    it.each([0, -1, 366, 1.5, 1e300, '30', null, true])('of %j days is refused', async (expiresInDays) => {
      const rows = await countRows(app.deps.store, 'api_keys');
      const answer = await create({ expiresInDays });
      expect(refusal(answer)).toEqual({ status: 400, code: 'INVALID_EXPIRES_IN_DAYS' });
      expect(await countRows(app.deps.store, 'api_keys')).toBe(rows);
    });

    it('ends the key to the millisecond', async () => {
      const { apiKey: key, expiresAt } = (await create({ expiresInDays: 1 })).body.data;
      app.clock.advance(day - 1);
      expect((await app.call('/v1/whoami', { key })).body.data.expiresAt).toBe(expiresAt);
      app.clock.advance(1);
      const answer = await app.call('/v1/whoami', { key });
      expect(refusal(answer)).toEqual({ status: 401, code: 'KEY_EXPIRED' });
      expect(answer.body.error.message).toContain(expiresAt);
    });
  });

  it('allows 20 active keys, and counts neither revoked nor expired ones', async () => {
    const { organizationId: id, apiKey } = await app.signUp('twenty@example.com');
    const minted = [];
    for (let count = 1; count < 20; count += 1) {
      const expiry = count === 1 ? { expiresInDays: 1 } : {};
      minted.push((await create(expiry, apiKey.raw, id)).body.data.keyId);
    }
    const full = { status: 429, code: 'MAX_API_KEYS_REACHED', details: { limit: 20 } };
    for (const key of [apiKey.raw, keys.admin]) expect(refusal(await create({}, key, id))).toEqual(full);
    await revoke(minted[5], apiKey.raw);
    expect((await create({}, apiKey.raw, id)).status).toBe(200);
    expect(refusal(await create({}, apiKey.raw, id))).toEqual(full);
    app.clock.advance(day - 1);
    expect(refusal(await create({}, apiKey.raw, id))).toEqual(full);
    app.clock.advance(1);
    expect((await create({}, apiKey.raw, id)).status).toBe(200);
    expect(refusal(await create({}, apiKey.raw, id))).toEqual(full);
  });

  it('checks in the order key, scope, input, existence, organization, role', async () => {
    const { apiKey: narrow, keyId } = (await create({ scopes: ['projects:read'] })).body.data;
    const other = await app.signUp('other@example.com');
    const bad = { name: '', expiresInDays: 0 };
    expect(refusal(await create(bad, `${keys.organization}x`)).code).toBe('KEY_MALFORMED');
    expect(refusal(await create(bad, narrow)).code).toBe('SCOPE_MISSING');
    expect(refusal(await create(bad, keys.organization, 'none')).status).toBe(400);
    expect(refusal(await create({}, keys.organization, 'none')).code).toBe('ORGANIZATION_NOT_FOUND');
    await setRole(app.deps.store, organizationId, email, 'runner');
    const mismatch = await create({}, keys.organization, other.organizationId);
    expect(refusal(mismatch).code).toBe('ORGANIZATION_MISMATCH');
    expect(refusal(await create({ scopes: ['deploy:use-case'] })).code).toBe('ROLE_REQUIRED');
    await setRole(app.deps.store, organizationId, email, 'owner');
    await revoke(keyId, narrow);
  });
});
