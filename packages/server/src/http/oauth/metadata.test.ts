import { operationIds, operations, type Route, routes } from '@latchkey/protocol';
import { OauthFlows, startTestApp, type TestApp, temporaryFolder } from '@latchkey/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minuteMs } from '../../platform/clock.ts';
import { readSettings } from '../../settings.ts';

const alice = 'alice@example.com';
const secret = 's'.repeat(32);

describe('what describes the authorization server', () => {
  let app: TestApp;
  let flows: OauthFlows;

  beforeEach(async () => {
    const dataDir = temporaryFolder('oauth');
    const env = { LATCHKEY_INTROSPECTION_CLIENTS: `gateway:${secret}` };
    app = await startTestApp({ engine: 'sqlite', dataDir, databaseUrl: undefined }, { env });
    flows = new OauthFlows(app);
  });
  afterEach(() => app.close());

  it.each(['oauth-authorization-server', 'openid-configuration'])('is at /.well-known/%s', async (name) => {
    const { status, body } = await app.call(`/.well-known/${name}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer: flows.issuer,
      authorization_endpoint: `${flows.issuer}/oauth/authorize`,
      token_endpoint: `${flows.issuer}/oauth/token`,
      device_authorization_endpoint: `${flows.issuer}/oauth/device`,
      revocation_endpoint: `${flows.issuer}/oauth/revoke`,
      introspection_endpoint: `${flows.issuer}/oauth/introspect`,
      jwks_uri: `${flows.issuer}/oauth/jwks`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
        'urn:ietf:params:oauth:grant-type:token-exchange',
      ],
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(body).not.toHaveProperty('registration_endpoint');
  });

  it('names every address that answers', async () => {
    const { body } = await app.call('/.well-known/oauth-authorization-server');
    for (const [name, url] of Object.entries<string>(body)) {
      if (!/_(endpoint|uri)$/.test(name)) continue;
      const method = /^(authorization|jwks)_/.test(name) ? 'GET' : 'POST';
      const { status } = await app.call(new URL(url).pathname, { method });
      expect.soft([name, status]).not.toEqual([name, 404]);
    }
  });

  it('describes the API as a resource of it', async () => {
    const { body } = await app.call('/.well-known/oauth-protected-resource');
    expect(body).toMatchObject({
      resource: flows.issuer,
      authorization_servers: [flows.issuer],
      scopes_supported: ['latchkey'],
    });
  });

  it('is pointed to by every 401 of the API', async () => {
    const metadata = `resource_metadata="${flows.issuer}/.well-known/oauth-protected-resource"`;
    const protectedIds = operationIds.filter((id) => ['key', 'door'].includes(operations[id].access.kind));
    expect(protectedIds.length).toBeGreaterThan(15);
    for (const id of protectedIds) {
      const route: Route = routes[id];
      for (const { method, path } of [route, ...(route.published ? [route.published] : [])]) {
        const url = path.replace('{environment}', 'dev').replace(/\{\w+\}/g, 'x');
        const nothing = await app.call(url, { method });
        const wrong = await app.call(url, { method, headers: { authorization: 'Bearer cko_wrong' } });
        const facts = [nothing, wrong].map(({ status, headers }) => [status, headers['www-authenticate']]);
        expect.soft(facts, `${method} ${path}`).toEqual([
          [401, `Bearer realm="latchkey", ${metadata}`],
          [401, `Bearer realm="latchkey", ${metadata}, error="invalid_token"`],
        ]);
      }
    }
  });

  it('publishes the public half of the signing key only', async () => {
    const { body } = await app.call('/oauth/jwks');
    expect(body.keys).toHaveLength(1);
    expect(body.keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(body.keys[0]).not.toHaveProperty('d');
  });

  describe('introspection', () => {
    async function tokens() {
      await app.signUp(alice, 'Acme');
      app.clock.advance(minuteMs);
      return (await flows.redeem(await flows.authorize(alice))).body;
    }
    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`gateway:${password}`).toString('base64')}`,
    });
    const ask = (token: string, headers: object) => flows.post('/oauth/introspect', { token }, headers);

    it('tells a client of the settings about a token, and after its end that it is not active', async () => {
      const { access_token: token, refresh_token: refreshToken } = await tokens();
      expect(await ask(token, basic(secret))).toMatchObject({
        status: 200,
        body: { active: true, client_id: 'latchkey-cli', scope: 'latchkey', iss: flows.issuer },
      });
      await flows.revoke(refreshToken);
      expect((await ask(token, basic(secret))).body).toEqual({ active: false });
      expect((await ask('unknown', basic(secret))).body).toEqual({ active: false });
    });

    it('tells nobody else anything', async () => {
      const { access_token: token } = await tokens();
      expect(await ask(token, {})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect(await ask(token, basic('wrong'))).toMatchObject({ status: 401 });
      const asCli = await flows.post('/oauth/introspect', { token, client_id: 'latchkey-cli' });
      expect(asCli.body).toEqual({ active: false });
    });

    it('gives its clients nothing else to do', async () => {
      const answer = await flows.post('/oauth/token', { grant_type: 'client_credentials' }, basic(secret));
      expect(answer.status).toBe(400);
      const device = await flows.post('/oauth/device', { scope: 'latchkey' }, basic(secret));
      expect(device.status).toBe(400);
    });
  });
});

describe('the settings of the authorization server', () => {
  const read = (env: NodeJS.ProcessEnv) => () => readSettings(env, { dataDir: '/tmp/never-made' });

  it('are none unless set', () => {
    expect(read({})()).toMatchObject({ introspectionClients: [], upstream: undefined });
  });

  it.each([
    'gateway',
    'gateway:short',
    `latchkey-cli:${secret}`,
    `a b:${secret}`,
    `:${secret}`,
  ])('refuse the introspection client %j, without repeating it', (LATCHKEY_INTROSPECTION_CLIENTS) => {
    expect(read({ LATCHKEY_INTROSPECTION_CLIENTS })).toThrow(/LATCHKEY_INTROSPECTION_CLIENTS must be/);
    expect(read({ LATCHKEY_INTROSPECTION_CLIENTS })).not.toThrow(/sssss/);
  });

  it('take all of the upstream provider, or name what is missing', () => {
    const LATCHKEY_UPSTREAM_ISSUER = 'https://id.example.com';
    expect(read({ LATCHKEY_UPSTREAM_ISSUER })).toThrow(
      /LATCHKEY_UPSTREAM_CLIENT_ID is missing[\s\S]*LATCHKEY_UPSTREAM_CLIENT_SECRET is missing/,
    );
    const all = { LATCHKEY_UPSTREAM_CLIENT_ID: 'id', LATCHKEY_UPSTREAM_CLIENT_SECRET: 'secret' };
    expect(read({ LATCHKEY_UPSTREAM_ISSUER, ...all })()).toMatchObject({
      upstream: { issuer: LATCHKEY_UPSTREAM_ISSUER, clientId: 'id', clientSecret: 'secret' },
    });
    expect(read({ LATCHKEY_UPSTREAM_ISSUER: 'http://id.example.com', ...all })).toThrow(/must be https/);
  });
});
