import { defaultScopes } from '@latchkey/protocol';
import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';

const day = 86_400_000;

describeEachEngine('asking whose key it is', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  describe.each([
    ['GET', '/v1/whoami'],
    ['POST', '/verifyapikey'],
  ] as const)('by %s %s', (method, path) => {
    const own = (name: string) => `${name}-${method.toLowerCase()}@example.com`;
    const whoami = (key: string) => app.call(path, { method, key });

    it('answers exactly the published shape for an organization key', async () => {
      const { apiKey, organizationId } = await app.signUp(own('org'), 'Acme');
      const answer = await whoami(apiKey.raw);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        success: true,
        data: {
          type: 'org-api-key',
          organizationId,
          organizationName: 'Acme',
          keyId: apiKey.keyId,
          keyName: 'CLI default key',
          keyPrefix: apiKey.raw.slice(0, 12),
          scopes: defaultScopes,
          createdAt: apiKey.createdAt,
        },
        requestId: answer.headers['x-request-id'],
      });
    });

    it.each(['personal', 'admin'] as const)('has no organization for a key of family %s', async (family) => {
      const email = own(family);
      await app.signUp(email);
      const request = { family, email, name: 'By hand', scopes: ['projects:read'], expiresInDays: 2 };
      const made = await createByOperator(app.deps, request);
      expect((await whoami(made.apiKey)).body.data).toEqual({
        type: `${family}-api-key`,
        keyId: made.keyId,
        keyName: 'By hand',
        keyPrefix: made.keyPrefix,
        scopes: ['projects:read'],
        createdAt: made.createdAt,
        expiresAt: new Date(app.clock.now() + 2 * day).toISOString(),
      });
    });

    it('needs no scope', async () => {
      const scopes = ['skills:read'];
      const { apiKey } = await createByOperator(app.deps, { family: 'admin', name: 'Narrow', scopes });
      expect((await whoami(apiKey)).status).toBe(200);
    });

    it('accepts a JSON content type without any body', async () => {
      const { apiKey } = await app.signUp(own('empty'));
      const headers = { 'content-type': 'application/json' };
      expect((await app.call(path, { method, key: apiKey.raw, headers })).status).toBe(200);
    });

    it('accepts the key as a bearer too', async () => {
      const { apiKey } = await app.signUp(own('bearer'));
      const headers = { authorization: `Bearer ${apiKey.raw}` };
      expect((await app.call(path, { method, headers })).body.data.keyId).toBe(apiKey.keyId);
    });

    it('refuses no key, a key of no form, an unknown and an expired one with 401 and a message', async () => {
      const { apiKey } = await app.signUp(own('refused'));
      const scopes = ['projects:read'];
      const request = { family: 'admin', name: 'Brief', scopes, expiresInDays: 1 } as const;
      const { apiKey: expired } = await createByOperator(app.deps, request);
      const elsewhere = await startTestApp(await open());
      const { apiKey: unknown } = await createByOperator(elsewhere.deps, { ...request, name: 'Elsewhere' });
      await elsewhere.close();
      app.clock.advance(day);
      expect(refusal(await app.call(path, { method }))).toEqual({ status: 401, code: 'UNAUTHORIZED' });
      const wrong = apiKey.raw.endsWith('0') ? '1' : '0';
      for (const [key, code] of [
        [`${apiKey.raw.slice(0, -1)}${wrong}`, 'KEY_MALFORMED'],
        ['cko_short', 'KEY_MALFORMED'],
        [unknown, 'KEY_UNKNOWN'],
        [expired, 'KEY_EXPIRED'],
      ] as const) {
        expect(refusal(await whoami(key))).toEqual({ status: 401, code });
      }
    });
  });
});
