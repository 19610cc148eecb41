import { generateKey } from '@latchkey/keys';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { dayMs } from '../platform/clock.ts';

describeEachEngine('introspection', (open) => {
  let app: TestApp;
  let server: Awaited<ReturnType<typeof createApp>>;
  let config: client.Configuration;
  let api: string;
  let organizationId: string;
  let owner: string;

  beforeAll(async () => {
    app = await startTestApp(await open());
    const signedUp = await app.signUp('owner@acme.example', 'Acme');
    organizationId = signedUp.organizationId;
    owner = signedUp.apiKey.raw;
    api = (await mint({ name: 'API', scopes: ['keys:verify'] })).apiKey;
    server = await createApp(app.deps);
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    config = pointedAt(url, api);
  });
  afterAll(async () => {
    await server.close();
    await app.close();
  });

  function pointedAt(url: string, key: string): client.Configuration {
    const metadata = { issuer: url, introspection_endpoint: `${url}/v1/introspect` };
    // A resource server that proves itself by a bearer token (RFC 7662, section 2.1).
    const byKey: client.ClientAuth = (_server, _client, _body, headers) =>
      headers.set('authorization', `Bearer ${key}`);
    const made = new client.Configuration(metadata, 'api', undefined, byKey);
    client.allowInsecureRequests(made);
    return made;
  }

  async function mint(body: object): Promise<{ apiKey: string; keyId: string }> {
    const answer = await app.call(`/v1/organizations/${organizationId}/keys`, {
      key: owner,
      body: { name: 'k', scopes: ['projects:read'], ...body },
    });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body.data;
  }

  it('tells a published client whose key it is and what it may', async () => {
    const { apiKey, keyId } = await mint({
      name: 'CI',
      scopes: ['projects:read', 'executions:read'],
      expiresInDays: 1,
    });
    const now = app.clock.now() / 1000;
    expect(
      await client.tokenIntrospection(config, apiKey, { token_type_hint: 'access_token' }),
    ).toMatchObject({
      active: true,
      client_id: keyId,
      sub: `key:${keyId}`,
      iss: app.deps.publicUrl(),
      token_type: 'Bearer',
      scope: 'projects:read executions:read',
      iat: now,
      exp: now + dayMs / 1000,
      organization_id: organizationId,
      organization_name: 'Acme',
      key_name: 'CI',
      family: 'organization',
    });
  });

  it('tells nothing but that it is not active of whatever else there is', async () => {
    const rival = await app.signUp('owner@rival.example', 'Rival');
    const revoked = await mint({});
    await app.call(`/v1/keys/${revoked.keyId}/revoke`, { key: owner, body: {} });
    const bound = await mint({ resources: ['orders'] });
    const spent = await mint({ limits: [{ requests: 1, windowSeconds: 60 }] });
    await client.tokenIntrospection(config, spent.apiKey);
    const texts = [
      rival.apiKey.raw,
      revoked.apiKey,
      bound.apiKey,
      spent.apiKey,
      generateKey('organization'),
      'x',
      `${api}x`,
    ];
    for (const text of texts) {
      expect(await client.tokenIntrospection(config, text), text).toEqual({ active: false });
    }
  });

  describe('refuses, in the words of OAuth,', () => {
    const form = 'application/x-www-form-urlencoded';
    it.each<[string, () => Record<string, string>, string, number, string]>([
      ['a caller without a key', () => ({}), 'token=x', 401, 'invalid_token'],
      ['a key that is none', () => ({ authorization: 'Bearer cko_x' }), 'token=x', 401, 'invalid_token'],
      [
        'a key without the scope',
        () => ({ authorization: `Bearer ${owner}` }),
        'token=x',
        403,
        'insufficient_scope',
      ],
      ['no token', () => ({ authorization: `Bearer ${api}` }), 'hint=x', 400, 'invalid_request'],
      ['two tokens', () => ({ authorization: `Bearer ${api}` }), 'token=x&token=y', 400, 'invalid_request'],
      [
        'JSON',
        () => ({ authorization: `Bearer ${api}`, 'content-type': 'application/json' }),
        '{}',
        415,
        'invalid_request',
      ],
    ])('%s', async (_what, headers, body, status, error) => {
      const answer = await app.call('/v1/introspect', {
        body,
        headers: { 'content-type': form, ...headers() },
      });
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ error, error_description: expect.any(String) });
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['www-authenticate'] === undefined).toBe(status !== 401 && status !== 403);
    });
  });
});
