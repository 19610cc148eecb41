import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { addMember, keyRow, setRole } from '../rows-for-tests.sql.ts';

const day = 86_400_000;

describeEachEngine('revoking a key', (open) => {
  const email = 'owner@example.com';
  let app: TestApp;
  let organizationId: string;
  const keys = { organization: '', personal: '', admin: '' };
  beforeAll(async () => {
    app = await startTestApp(await open());
    const signup = await app.signUp(email, 'Acme');
    organizationId = signup.organizationId;
    keys.organization = signup.apiKey.raw;
    keys.personal = (await operatorKey('personal', email)).apiKey;
    keys.admin = (await operatorKey('admin')).apiKey;
  });
  afterAll(() => app.close());

  const operatorKey = (family: 'personal' | 'admin', of?: string, scopes = ['api-keys:manage']) =>
    createByOperator(app.deps, { family, name: 'By hand', scopes, email: of });
  async function mint(scopes = ['skills:read'], body: object = {}) {
    const path = `/v1/organizations/${organizationId}/keys`;
    const answer = await app.call(path, {
      body: { name: 'Target', scopes, ...body },
      key: keys.organization,
    });
    return answer.body.data as { keyId: string; apiKey: string };
  }
  const revoke = (keyId: string, key: string) => app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key });
  const whoami = (key: string) => app.call('/v1/whoami', { key });

  it.each([
    'organization',
    'personal',
    'admin',
  ] as const)('with an %s key answers id and time, and is in force at once', async (family) => {
    const { keyId, apiKey } = await mint();
    expect((await whoami(apiKey)).status).toBe(200);
    const answer = await revoke(keyId, keys[family]);
    const revokedAt = new Date(app.clock.now()).toISOString();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      success: true,
      data: { keyId, revokedAt, receipt: expect.objectContaining({ holders: expect.any(Array) }) },
      requestId: answer.headers['x-request-id'],
    });
    const refused = await whoami(apiKey);
    expect(refusal(refused)).toEqual({ status: 401, code: 'KEY_REVOKED' });
    expect(refused.body.error.message).toContain(revokedAt);
  });

  it('answers the first time when it is done again, and changes nothing', async () => {
    const { keyId } = await mint();
    const first = await revoke(keyId, keys.organization);
    const row = await keyRow(app.deps.store, keyId);
    app.clock.advance(5000);
    for (const key of Object.values(keys)) {
      const { revokedAt } = (await revoke(keyId, key)).body.data;
      expect(revokedAt).toBe(first.body.data.revokedAt);
    }
    expect(await keyRow(app.deps.store, keyId)).toEqual(row);
  });

  it('is allowed for an expired key', async () => {
    const { keyId, apiKey } = await mint(['skills:read'], { expiresInDays: 1 });
    app.clock.advance(day);
    expect(refusal(await whoami(apiKey)).code).toBe('KEY_EXPIRED');
    expect((await revoke(keyId, keys.organization)).status).toBe(200);
    expect(refusal(await whoami(apiKey)).code).toBe('KEY_REVOKED');
  });

  it('ends a key by itself without any scope or role, once', async () => {
    await addMember(app.deps.store, organizationId, 'runner@example.com', 'runner');
    const own = [
      await mint(['skills:read']),
      await operatorKey('personal', 'runner@example.com', ['skills:read']),
      await operatorKey('admin', undefined, ['skills:read']),
    ];
    for (const { keyId, apiKey } of own) {
      expect((await revoke(keyId, apiKey)).status).toBe(200);
      expect(refusal(await revoke(keyId, apiKey))).toEqual({ status: 401, code: 'KEY_REVOKED' });
    }
  });

  it('leaves other keys of the person alone', async () => {
    const [one, other] = [await mint(), await mint()];
    await revoke(one.keyId, keys.organization);
    expect((await whoami(other.apiKey)).status).toBe(200);
    await revoke(other.keyId, other.apiKey);
  });

  it('lets a revoked key do nothing more: not mint, not change, not revoke', async () => {
    const manager = await mint(['api-keys:manage', 'skills:read']);
    const target = await mint();
    await revoke(manager.keyId, keys.organization);
    const body = { name: 'Late', scopes: ['skills:read'] };
    const key = manager.apiKey;
    for (const answer of [
      await app.call(`/v1/organizations/${organizationId}/keys`, { body, key }),
      await app.call(`/v1/organizations/${organizationId}/keys`, { key }),
      await app.call(`/v1/keys/${target.keyId}`, { method: 'PATCH', body, key }),
      await revoke(target.keyId, key),
    ]) {
      expect(refusal(answer)).toEqual({ status: 401, code: 'KEY_REVOKED' });
    }
    await revoke(target.keyId, target.apiKey);
  });

  it.each(['no-such-key', crypto.randomUUID()])('does not find %s', async (keyId) => {
    for (const key of Object.values(keys)) {
      expect(refusal(await revoke(keyId, key))).toEqual({ status: 404, code: 'KEY_NOT_FOUND' });
    }
  });

  describe('another key', () => {
    it('needs the scope, which the refusal names', async () => {
      const [one, other] = [await mint(), await mint()];
      const answer = await revoke(other.keyId, one.apiKey);
      expect(refusal(answer)).toEqual({
        status: 403,
        code: 'SCOPE_MISSING',
        details: { scope: 'api-keys:manage' },
      });
      expect(answer.body.error.message).toContain('api-keys:manage');
      expect((await whoami(other.apiKey)).status).toBe(200);
      for (const { keyId, apiKey } of [one, other]) await revoke(keyId, apiKey);
    });

    it('needs the role', async () => {
      const { keyId, apiKey } = await mint();
      await setRole(app.deps.store, organizationId, email, 'developer');
      for (const key of [keys.organization, keys.personal]) {
        expect(refusal(await revoke(keyId, key))).toEqual({ status: 403, code: 'ROLE_REQUIRED' });
      }
      await setRole(app.deps.store, organizationId, email, 'owner');
      expect((await whoami(apiKey)).status).toBe(200);
      await revoke(keyId, apiKey);
    });

    it('may hold more than the caller: ending is not granting', async () => {
      const manager = await mint(['api-keys:manage']);
      const strong = await mint(['deploy:use-case']);
      expect((await revoke(strong.keyId, manager.apiKey)).status).toBe(200);
      await revoke(manager.keyId, manager.apiKey);
    });

    it('of another organization is refused', async () => {
      const { keyId, apiKey } = await mint();
      const other = await app.signUp('other@example.com');
      expect(refusal(await revoke(keyId, other.apiKey.raw))).toEqual({
        status: 403,
        code: 'ORGANIZATION_MISMATCH',
      });
      expect((await whoami(apiKey)).status).toBe(200);
      await revoke(keyId, apiKey);
    });

    it('of a person is theirs and the operator’s to end, and unknown to others', async () => {
      await addMember(app.deps.store, organizationId, 'colleague@example.com', 'owner');
      const { apiKey: colleague } = await operatorKey('personal', 'colleague@example.com');
      const mine = [await operatorKey('personal', email), await operatorKey('personal', email)] as const;
      for (const key of [colleague, keys.organization]) {
        expect(refusal(await revoke(mine[0].keyId, key))).toEqual({ status: 404, code: 'KEY_NOT_FOUND' });
      }
      expect((await revoke(mine[0].keyId, keys.personal)).status).toBe(200);
      expect((await revoke(mine[1].keyId, keys.admin)).status).toBe(200);
    });

    it('of the operator is the operator’s to end only', async () => {
      const { keyId } = await operatorKey('admin');
      for (const key of [keys.organization, keys.personal]) {
        expect(refusal(await revoke(keyId, key))).toEqual({ status: 404, code: 'KEY_NOT_FOUND' });
      }
      expect((await revoke(keyId, keys.admin)).status).toBe(200);
    });
  });
});
