import { generateKeyPairSync } from 'node:crypto';
import { createApp } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { createRemoteJWKSet, customFetch, jwtVerify, SignJWT } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { type KeyRoom, openRoom } from '../environment-keys/environment-keys-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';

const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const subjectTokenType = 'urn:ietf:params:oauth:token-type:access_token';

describeEachEngine('a token made from a key', (open) => {
  let app: TestApp;
  let http: Awaited<ReturnType<typeof createApp>>;
  let issuer: string;
  let room: KeyRoom;
  let asker: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    http = await createApp(app.deps);
    issuer = await http.listen({ host: '127.0.0.1', port: 0 });
    app.deps.setListening(issuer);
  });
  beforeEach(async () => {
    room = await openRoom(app);
    asker = (await mint(['keys:verify'])).apiKey;
  });
  afterAll(async () => {
    await http.close();
    await app.close();
  });

  function mint(scopes: readonly string[], input: object = {}) {
    const { organizationId, owner } = room.team;
    const request = { organizationId, name: 'Worker', scopes, ...input };
    return must(app, 'keys.createForOrganization', request, owner.token);
  }
  const exchange = (key: string, input: object = {}) => ask(app, 'tokens.exchange', input, key);
  async function tokenOf(key: string, input: object = {}): Promise<string> {
    const { status, body } = await exchange(key, input);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.data.token;
  }
  async function verdict(token: string, input: object = {}) {
    const questions = [{ key: token, ...input }];
    const { verdicts } = await must(app, 'keys.verifyMany', { questions }, asker);
    return verdicts[0];
  }
  /** As whoever accepts it checks it, with nothing but the address of the server. */
  function check(token: string, audience = issuer) {
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer), { [customFetch]: fetch });
    const currentDate = new Date(app.clock.now());
    return jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', algorithms: ['EdDSA'], currentDate });
  }

  it('is checked with the published keys, and says whose it is', async () => {
    const { keyId, apiKey } = await mint(['workflows:trigger', 'skills:read']);
    const { body } = await exchange(apiKey, { scopes: ['skills:read'], audience: 'https://orders.example' });
    const exp = app.clock.now() / 1000 + 300;
    expect(body.data).toMatchObject({
      tokenType: 'Bearer',
      expiresAt: new Date(exp * 1000).toISOString(),
      scopes: ['skills:read'],
    });
    const { payload, protectedHeader } = await check(body.data.token, 'https://orders.example');
    expect(protectedHeader).toMatchObject({ typ: 'at+jwt', alg: 'EdDSA', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: issuer,
      sub: `key:${keyId}`,
      aud: 'https://orders.example',
      iat: app.clock.now() / 1000,
      exp,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      scope: 'skills:read',
      client_id: keyId,
      key_id: keyId,
      organization_id: room.team.organizationId,
      environment: null,
      workspace: null,
    });
  });

  it('of an environment key names its environment and workspace', async () => {
    const { apiKey } = await room.mint({ level: 'runner' });
    const { payload } = await check(await tokenOf(apiKey));
    expect(payload).toMatchObject({ environment: 'dev', workspace: 'payments', aud: issuer });
    expect(String(payload.scope).split(' ')).toContain('workflows:trigger');
  });

  it('has the scopes of its key or fewer, never others', async () => {
    const { apiKey } = await mint(['skills:read']);
    expect(refusal(await exchange(apiKey, { scopes: ['nothing:known'] })).code).toBe('INVALID_SCOPE');
    expect(refusal(await exchange(apiKey, { scopes: ['skills:read', 'deploy:use-case'] }))).toEqual({
      status: 403,
      code: 'SCOPE_ESCALATION',
      details: { scopes: ['deploy:use-case'] },
    });
  });

  it('does not outlive its key', async () => {
    const { apiKey } = await mint(['skills:read'], { expiresInDays: 1 });
    app.clock.advance(86_400_000 - 60_000);
    expect((await exchange(apiKey, { ttlSeconds: 900 })).body.data.expiresAt).toBe(
      new Date(app.clock.now() + 60_000).toISOString(),
    );
  });

  it('is verified as its key, narrowed to its own scopes, until it ends', async () => {
    const { keyId, apiKey } = await mint(['workflows:trigger', 'skills:read']);
    const token = await tokenOf(apiKey, { scopes: ['skills:read'], ttlSeconds: 60 });
    expect(await verdict(token, { allScopes: ['skills:read'] })).toMatchObject({
      valid: true,
      keyId,
      scopes: ['skills:read'],
      expiresAt: new Date(app.clock.now() + 60_000).toISOString(),
    });
    expect((await verdict(token, { allScopes: ['workflows:trigger'] }))?.code).toBe('SCOPE_MISSING');
    app.clock.advance(60_000);
    expect((await verdict(token))?.code).toBe('EXPIRED');
    expect((await verdict(apiKey))?.code).toBe('VALID');
  });

  it('ends with its key, is disabled with it, and loses what the key loses', async () => {
    const { keyId, apiKey } = await mint(['workflows:trigger', 'skills:read']);
    const { token: owner } = room.team.owner;
    const token = await tokenOf(apiKey);
    await must(app, 'keys.update', { keyId, scopes: ['workflows:trigger'] }, owner);
    expect((await verdict(token, { allScopes: ['skills:read'] }))?.code).toBe('SCOPE_MISSING');
    await must(app, 'keys.disable', { keyId }, owner);
    expect((await verdict(token))?.code).toBe('DISABLED');
    await must(app, 'keys.enable', { keyId }, owner);
    expect((await verdict(token))?.code).toBe('VALID');
    await must(app, 'keys.revoke', { keyId }, owner);
    expect((await verdict(token))?.code).toBe('REVOKED');
  });

  it('may be kept by a verifier, however long ago its key was read', async () => {
    const token = await tokenOf((await mint(['skills:read'])).apiKey);
    const { keyId } = await mint(['skills:read']);
    await must(app, 'keys.revoke', { keyId }, room.team.owner.token);
    const { kept } = await must(app, 'keys.verify', { key: token, verifier: 'one' }, asker);
    expect(kept?.asOf).toBe(app.deps.revocations.applied());
  });

  it('is refused by whoever says that it was made for somebody else; a key is for all', async () => {
    const { apiKey } = await mint(['skills:read']);
    const token = await tokenOf(apiKey, { audience: 'https://orders.example' });
    expect((await verdict(token, { audience: 'https://orders.example' }))?.code).toBe('VALID');
    expect((await verdict(token, { audience: 'https://stock.example' }))?.code).toBe('AUDIENCE_MISMATCH');
    expect((await verdict(apiKey, { audience: 'https://stock.example' }))?.code).toBe('VALID');
    const body = { key: token, audience: 'https://stock.example' };
    const one = await app.call('/v1/keys/verify', { body, key: asker });
    expect(one.body.data).toMatchObject({ valid: false, code: 'AUDIENCE_MISMATCH' });
  });

  it('is introspected as what its key is now', async () => {
    const { apiKey, keyId } = await mint(['skills:read']);
    const token = await tokenOf(apiKey, { audience: 'https://orders.example' });
    const introspected = async () => {
      const headers = {
        authorization: `Bearer ${asker}`,
        'content-type': 'application/x-www-form-urlencoded',
      };
      return (await app.call('/v1/introspect', { body: `token=${token}`, headers })).body;
    };
    expect(await introspected()).toMatchObject({
      active: true,
      client_id: keyId,
      scope: 'skills:read',
      aud: 'https://orders.example',
      exp: app.clock.now() / 1_000 + 300,
    });
    await must(app, 'keys.revoke', { keyId }, room.team.owner.token);
    expect(await introspected()).toEqual({ active: false });
  });

  it('is good at every process of the server, wherever that one listens', async () => {
    const token = await tokenOf((await mint(['skills:read'])).apiKey);
    app.deps.setListening('http://127.0.0.1:9');
    try {
      expect((await verdict(token))?.code).toBe('VALID');
    } finally {
      app.deps.setListening(issuer);
    }
  });

  it('is nothing to another organization', async () => {
    const token = await tokenOf((await mint(['skills:read'])).apiKey);
    room = await openRoom(app);
    asker = (await mint(['keys:verify'])).apiKey;
    expect((await verdict(token))?.code).toBe('NOT_FOUND');
  });

  it('is no token where anything of it was changed, or somebody else has signed it', async () => {
    const token = await tokenOf((await mint(['skills:read'])).apiKey);
    const { payload, protectedHeader } = await check(token);
    const { privateKey } = generateKeyPairSync('ed25519');
    const forged = await new SignJWT(payload).setProtectedHeader(protectedHeader as never).sign(privateKey);
    const [header = '', body = '', signature = ''] = token.split('.');
    const wider = Buffer.from(JSON.stringify({ ...payload, scope: 'deploy:use-case' })).toString('base64url');
    const unsigned = Buffer.from(JSON.stringify({ ...protectedHeader, alg: 'none' })).toString('base64url');
    const receipt = (
      await must(
        app,
        'keys.revoke',
        await mint(['skills:read']).then(({ keyId }) => ({ keyId })),
        room.team.owner.token,
      )
    ).receipt?.signed;
    for (const wrong of [
      forged,
      `${header}.${wider}.${signature}`,
      `${unsigned}.${body}.`,
      `${token}x`,
      receipt ?? '',
    ]) {
      expect((await verdict(wrong))?.code).toBe('MALFORMED');
    }
  });

  it('is no credential of this API', async () => {
    const token = await tokenOf((await mint(['skills:read'])).apiKey);
    expect((await app.call('/v1/whoami', { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      401,
    );
  });

  describe('at the token endpoint (RFC 8693)', () => {
    async function configuration(): Promise<openid.Configuration> {
      const options = { execute: [openid.allowInsecureRequests] };
      return openid.discovery(new URL(issuer), 'latchkey-token-exchange', undefined, openid.None(), options);
    }
    const grant = async (key: string, others: Record<string, string> = {}) =>
      openid.genericGrantRequest(await configuration(), exchangeGrant, {
        subject_token: key,
        subject_token_type: subjectTokenType,
        ...others,
      });
    const refused = (key: string, others: Record<string, string> = {}) =>
      grant(key, others).then(
        () => 'OK',
        ({ error, error_description: text }) => `${error}: ${text}`,
      );

    it('is made for a certified client, and good wherever the other is', async () => {
      const { keyId, apiKey } = await mint(['workflows:trigger', 'skills:read']);
      const answer = await grant(apiKey, { scope: 'skills:read', audience: 'https://orders.example' });
      expect(answer).toMatchObject({
        issued_token_type: subjectTokenType,
        token_type: 'bearer',
        expires_in: 300,
        scope: 'skills:read',
      });
      expect(answer.refresh_token).toBeUndefined();
      const { payload } = await check(answer.access_token, 'https://orders.example');
      expect(payload.sub).toBe(`key:${keyId}`);
      expect(await verdict(answer.access_token)).toMatchObject({ valid: true, keyId });
    });

    it('is made for environment keys too', async () => {
      const { apiKey } = await room.mint();
      expect((await check((await grant(apiKey)).access_token)).payload).toMatchObject({ environment: 'dev' });
    });

    it('is refused in the words of OAuth', async () => {
      const { apiKey } = await mint(['skills:read']);
      const { apiKey: revoked, keyId } = await mint(['skills:read']);
      await must(app, 'keys.revoke', { keyId }, room.team.owner.token);
      const { apiKey: bound } = await mint(['skills:read'], { allowedAddresses: ['203.0.113.0/24'] });
      expect(await refused(revoked)).toMatch(/^invalid_request: .*revoked/);
      expect(await refused('hello')).toMatch(/^invalid_request: /);
      expect(await refused(bound)).toMatch(/^invalid_request: .*address/);
      expect(await refused(apiKey, { scope: 'nothing:known' })).toMatch(/^invalid_scope: /);
      expect(await refused(apiKey, { scope: 'deploy:use-case' })).toMatch(/^invalid_scope: /);
      expect(await refused(apiKey, { subject_token_type: 'urn:x' })).toMatch(/^invalid_request: /);
      expect(await refused(apiKey, { actor_token: apiKey })).toMatch(/^invalid_request: /);
      expect(await refused(apiKey, { audience: 'https://a.example', resource: 'https://b.example' })).toMatch(
        /^invalid_target: /,
      );
    });
  });
});
