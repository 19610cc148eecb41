import { organizationScopes } from '@latchkey/protocol';
import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { addMember, keyRow, setRole } from '../rows-for-tests.sql.ts';

const published = '/updateorganizationapikeypublic';
const day = 86_400_000;

describeEachEngine('updating a key', (open) => {
  const email = 'owner@example.com';
  let app: TestApp;
  let organizationId: string;
  const keys = { organization: '', personal: '', admin: '' };
  /** A new key for each test, with two scopes. */
  let target: { keyId: string; apiKey: string };
  beforeAll(async () => {
    app = await startTestApp(await open());
    const signup = await app.signUp(email, 'Acme');
    organizationId = signup.organizationId;
    keys.organization = signup.apiKey.raw;
    keys.personal = await operatorKey('personal', email);
    keys.admin = await operatorKey('admin');
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    if (target !== undefined) await revoke(target.keyId);
    target = await mint({ scopes: ['projects:read', 'skills:read'], description: 'Before' });
    app.clock.advance(1000);
  });

  async function operatorKey(family: 'personal' | 'admin', of?: string, scopes = ['api-keys:manage']) {
    return (await createByOperator(app.deps, { family, name: 'By hand', scopes, email: of })).apiKey;
  }
  async function mint(body: object, key = keys.organization) {
    const given = { name: 'Target', ...body };
    return (await app.call(`/v1/organizations/${organizationId}/keys`, { body: given, key })).body.data;
  }
  const update = (body: object, key = keys.organization, keyId = target.keyId) =>
    app.call(`/v1/keys/${keyId}`, { method: 'PATCH', body, key });
  const revoke = (keyId: string) => app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: keys.admin });

  describe.each(['organization', 'personal', 'admin'] as const)('with an %s key', (family) => {
    it('answers exactly the published shape at both paths', async () => {
      const body = { name: 'After', scopes: ['skills:read'], description: 'Changed' };
      const { keyId } = target;
      for (const answer of [
        await update(body, keys[family]),
        await app.call(published, { body: { keyId, ...body }, key: keys[family] }),
      ]) {
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({
          success: true,
          data: {
            keyId,
            ...body,
            updatedAt: new Date(app.clock.now()).toISOString(),
          },
          requestId: answer.headers['x-request-id'],
        });
      }
    });

    it('answers a receipt where one is asked for', async () => {
      const { body } = await update({ description: 'Changed again', receipt: true }, keys[family]);
      expect(body.data.receipt).toMatchObject({ holders: expect.any(Array), signed: expect.any(String) });
      expect((await update({ receipt: true }, keys[family])).body.error.code).toBe('INVALID_REQUEST');
    });

    it('changes what is given and nothing else', async () => {
      const before = await keyRow(app.deps.store, target.keyId);
      await update({ name: 'Renamed' }, keys[family]);
      expect(await keyRow(app.deps.store, target.keyId)).toEqual({
        ...before,
        name: 'Renamed',
        updated_at: app.clock.now(),
      });
    });

    it('sets a rate limit, in creating too, and takes it away', async () => {
      const [limit, other] = [10, 3].map((requests) => ({ requests, windowSeconds: 60 }));
      const limited = await mint({ scopes: ['skills:read'], rateLimit: limit });
      const listed = async () => {
        const answer = await app.call(`/v1/organizations/${organizationId}/keys`, { key: keys[family] });
        const all: { keyId: string; rateLimit: unknown }[] = answer.body.data.keys;
        return all.find(({ keyId }) => keyId === limited.keyId)?.rateLimit;
      };
      const seen = [await listed()];
      for (const rateLimit of [other, null]) {
        expect((await update({ rateLimit }, keys[family], limited.keyId)).status).toBe(200);
        seen.push(await listed());
      }
      expect(seen).toEqual([limit, other, null]);
      const answer = await update({ rateLimit: { requests: 0, windowSeconds: 1 } }, keys[family]);
      expect(refusal(answer).code).toBe('INVALID_REQUEST');
      await revoke(limited.keyId);
    });

    it('refuses unknown scopes by name, lists the valid ones and changes nothing', async () => {
      const answer = await update({ name: 'No', scopes: ['skills:read', 'root'] }, keys[family]);
      expect(refusal(answer)).toEqual({
        status: 400,
        code: 'INVALID_SCOPE',
        details: { unknown: ['root'], valid: organizationScopes },
      });
      expect(await keyRow(app.deps.store, target.keyId)).toMatchObject({ name: 'Target' });
    });

    it('never puts organizations:create into an organization key', async () => {
      const answer = await update({ scopes: ['organizations:create'] }, keys[family]);
      expect(refusal(answer).code).toBe('INVALID_SCOPE');
    });

    it.each(['no-such-key', crypto.randomUUID()])('does not find %s', async (keyId) => {
      const answer = await update({ name: 'After' }, keys[family], keyId);
      expect(refusal(answer)).toEqual({ status: 404, code: 'KEY_NOT_FOUND' });
    });
  });

  it('replaces the whole set of scopes, in force for the very next call', async () => {
    const path = `/v1/organizations/${organizationId}/keys`;
    expect(refusal(await app.call(path, { key: target.apiKey })).code).toBe('SCOPE_MISSING');
    await update({ scopes: ['api-keys:manage'] });
    expect((await app.call(path, { key: target.apiKey })).status).toBe(200);
    const me = await app.call('/v1/whoami', { key: target.apiKey });
    expect(me.body.data.scopes).toEqual(['api-keys:manage']);
    await update({ scopes: ['skills:read'] });
    expect(refusal(await app.call(path, { key: target.apiKey })).code).toBe('SCOPE_MISSING');
  });

  it('sets a scope once that was given twice', async () => {
    const answer = await update({ scopes: ['skills:read', 'projects:read', 'skills:read'] });
    expect(answer.body.data.scopes).toEqual(['skills:read', 'projects:read']);
  });

  it('clears the description with an empty one, and leaves it without one', async () => {
    expect((await update({ name: 'After' })).body.data.description).toBe('Before');
    expect((await update({ description: '' })).body.data.description).toBe('');
  });

  it.each([
    ['nothing', {}],
    ['an empty name', { name: '' }],
    ['a name of 101 characters', { name: 'x'.repeat(101) }],
    ['no scopes', { scopes: [] }],
    ['null for scopes', { scopes: null }],
    ['a description of 501 characters', { description: 'x'.repeat(501) }],
    ['an expiry', { expiresInDays: 30 }],
    ['an unknown field', { name: 'After', revokedAt: null }],
    ['another key in the body', { name: 'After', keyId: 'another' }],
  ])('refuses %s', async (_what, body) => {
    expect(refusal(await update(body))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  it('refuses a revoked and an expired key', async () => {
    const brief = await mint({ scopes: ['skills:read'], expiresInDays: 1 });
    await revoke(target.keyId);
    app.clock.advance(day - 1001);
    expect((await update({ name: 'In time' }, keys.organization, brief.keyId)).status).toBe(200);
    app.clock.advance(1001);
    for (const [keyId, state] of [
      [target.keyId, 'revoked'],
      [brief.keyId, 'expired'],
    ] as const) {
      for (const key of Object.values(keys)) {
        const answer = await update({ name: 'Too late' }, key, keyId);
        expect(refusal(answer)).toEqual({ status: 400, code: 'KEY_NOT_ACTIVE' });
        expect(answer.body.error.message).toContain(state);
      }
    }
  });

  describe('what a caller may put into a key', () => {
    it('is, for an organization key, what it holds itself', async () => {
      const narrow = await mint({ scopes: ['api-keys:manage', 'projects:read'] }, keys.organization);
      const escalating = await update({ scopes: ['projects:read', 'deploy:use-case'] }, narrow.apiKey);
      expect(refusal(escalating)).toEqual({
        status: 403,
        code: 'SCOPE_ESCALATION',
        details: { scopes: ['deploy:use-case'] },
      });
      expect((await update({ scopes: ['projects:read'] }, narrow.apiKey)).status).toBe(200);
      const taken = await update({ scopes: ['projects:read', 'skills:read'] }, narrow.apiKey);
      expect(refusal(taken).details).toEqual({ scopes: ['skills:read'] });
      await revoke(narrow.keyId);
    });

    it('is never more for itself', async () => {
      const narrow = await mint({ scopes: ['api-keys:manage'] }, keys.organization);
      const answer = await update({ scopes: organizationScopes }, narrow.apiKey, narrow.keyId);
      expect(refusal(answer).code).toBe('SCOPE_ESCALATION');
      await revoke(narrow.keyId);
    });

    it('may stay beside a renaming, although the caller lacks it', async () => {
      const narrow = await mint({ scopes: ['api-keys:manage'] }, keys.organization);
      const body = { name: 'After', scopes: ['projects:read', 'skills:read'] };
      expect((await update(body, narrow.apiKey)).status).toBe(200);
      await revoke(narrow.keyId);
    });

    it('is what its user may do for a personal key, and everything for an admin key', async () => {
      for (const key of [keys.personal, keys.admin]) {
        await update({ scopes: ['skills:read'] }, keys.admin);
        expect((await update({ scopes: organizationScopes }, key)).status).toBe(200);
      }
    });

    it('is nothing without the role, though the key has the scope', async () => {
      await setRole(app.deps.store, organizationId, email, 'developer');
      for (const key of [keys.organization, keys.personal]) {
        expect(refusal(await update({ name: 'After' }, key))).toEqual({ status: 403, code: 'ROLE_REQUIRED' });
      }
      await setRole(app.deps.store, organizationId, email, 'admin');
      expect((await update({ scopes: organizationScopes })).status).toBe(200);
      await setRole(app.deps.store, organizationId, email, 'owner');
    });

    it('is nothing without the scope, which the refusal names', async () => {
      const answer = await update({ name: 'After' }, target.apiKey);
      expect(refusal(answer)).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
      expect(answer.body.error.message).toContain('api-keys:manage');
    });

    it('is nothing in another organization', async () => {
      const other = await app.signUp(`${crypto.randomUUID()}@example.com`);
      const answer = await update({ name: 'After' }, other.apiKey.raw);
      expect(refusal(answer)).toEqual({ status: 403, code: 'ORGANIZATION_MISMATCH' });
    });
  });

  describe('a personal or admin key', () => {
    const whose = async (key: string) => (await app.call('/v1/whoami', { key })).body.data.keyId;

    it('is changed by its own person within their own scopes, and by an admin key', async () => {
      const key = await operatorKey('personal', email, ['projects:read']);
      const keyId = await whose(key);
      expect((await update({ name: 'Mine' }, keys.personal, keyId)).status).toBe(200);
      const answer = await update({ scopes: ['organizations:create'] }, keys.personal, keyId);
      expect(refusal(answer).code).toBe('SCOPE_ESCALATION');
      expect((await update({ scopes: ['organizations:create'] }, keys.admin, keyId)).status).toBe(200);
    });

    it('is not known to anybody else', async () => {
      await addMember(app.deps.store, organizationId, 'colleague@example.com', 'owner');
      const colleague = await operatorKey('personal', 'colleague@example.com');
      const mine = await whose(keys.personal);
      const admins = await whose(keys.admin);
      for (const [key, keyId] of [
        [colleague, mine],
        [keys.organization, mine],
        [keys.organization, admins],
        [keys.personal, admins],
      ] as const) {
        const answer = await update({ name: 'Theirs' }, key, keyId);
        expect(refusal(answer)).toEqual({ status: 404, code: 'KEY_NOT_FOUND' });
      }
    });
  });
});
