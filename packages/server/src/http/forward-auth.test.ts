import { generateKey } from '@latchkey/keys';
import type { Output } from '@latchkey/protocol';
import { type Answer, describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const hourMs = 60 * 60 * 1000;

describeEachEngine('forward-auth', (open) => {
  let app: TestApp;
  let owner: Output<'otp.completeSignup'>;
  let verifier: string;
  let good: string;

  beforeAll(async () => {
    app = await startTestApp(await open());
    owner = await app.signUp('owner@example.test');
    verifier = (await mint({ scopes: ['keys:verify'] })).apiKey;
    good = (await mint({})).apiKey;
  });
  afterAll(() => app.close());

  async function mint(settings: object): Promise<Output<'keys.createForOrganization'>> {
    const answer = await app.call(`/v1/organizations/${owner.organizationId}/keys`, {
      key: owner.apiKey.raw,
      body: { name: 'a key', scopes: ['projects:read'], ...settings },
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.data;
  }

  /** Asks as a proxy does; a header that is undefined is not sent. */
  async function ask(
    query: string,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer> {
    const all = { 'x-latchkey-verifier-key': verifier, 'x-forwarded-host': 'site.example', ...headers };
    const sent = Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined);
    const url = `/v1/forward-auth?organization=${owner.organizationId}${query}`;
    return await app.call(url, { headers: Object.fromEntries(sent) });
  }

  function outcomeOf({ status, body }: Answer): { status: number; code: string } {
    return { status, code: body.error?.code };
  }

  describe('an identity', () => {
    it('is signed by a published key, for whom the proxy names, else for the host that the visitor asks for', async () => {
      const { body: keySet } = await app.call('/.well-known/jwks.json');
      for (const [query, audience] of [
        ['', 'site.example'],
        ['&audience=https://a.example', 'https://a.example'],
      ] as const) {
        const { status, headers } = await ask(query, { authorization: `Bearer ${good}` });
        expect(status).toBe(200);
        const { payload } = await jwtVerify(
          String(headers['x-latchkey-identity']),
          createLocalJWKSet(keySet),
          {
            issuer: app.deps.publicUrl(),
            audience,
            typ: 'latchkey-identity+jwt',
            currentDate: new Date(app.clock.now()),
          },
        );
        expect(payload).toMatchObject({ organization_id: owner.organizationId, scopes: ['projects:read'] });
      }
    });

    it('is that of its key for a token, for as long as the key is good', async () => {
      const { apiKey, keyId } = await mint({});
      const { token } = (await app.call('/v1/tokens', { key: apiKey, body: {} })).body.data;
      const visit = () => ask('', { authorization: `Bearer ${token}` });
      for (let i = 0; i < 2; i += 1) {
        const { status, headers } = await visit();
        expect(status).toBe(200);
        const { key_id: id } = decodeJwt(String(headers['x-latchkey-identity']));
        expect(id).toBe(keyId);
      }
      await app.call(`/v1/keys/${keyId}/revoke`, { method: 'POST', key: owner.apiKey.raw });
      expect(outcomeOf(await visit())).toEqual({ status: 401, code: 'REVOKED' });
    });

    it('is signed once for many requests, anew after half a minute, and gone with the key', async () => {
      const { apiKey, keyId } = await mint({});
      const identity = async () =>
        String((await ask('', { 'x-api-key': apiKey })).headers['x-latchkey-identity']);
      const first = await identity();
      for (let i = 0; i < 5; i += 1) expect(await identity()).toBe(first);
      app.clock.advance(30_000);
      expect(await identity()).not.toBe(first);
      const revoked = await app.call(`/v1/keys/${keyId}/revoke`, { method: 'POST', key: owner.apiKey.raw });
      expect(revoked.status).toBe(200);
      expect(await identity()).toBe('undefined');
    });

    it('stands in no refusal', async () => {
      const answer = await ask('&scope=instances:manage', { 'x-api-key': good });
      expect(outcomeOf(answer)).toEqual({ status: 403, code: 'SCOPE_MISSING' });
      expect(answer.headers['x-latchkey-identity']).toBeUndefined();
    });
  });

  describe('with nginx=1', () => {
    it('says 200 and 401 as they are', async () => {
      expect((await ask('&nginx=1', { 'x-api-key': good })).status).toBe(200);
      const answer = await ask('&nginx=1');
      expect(outcomeOf(answer)).toEqual({ status: 401, code: 'UNAUTHORIZED' });
      expect(answer.headers).toMatchObject({
        'www-authenticate': 'Bearer realm="latchkey"',
        'x-latchkey-status': '401',
        'x-latchkey-code': 'UNAUTHORIZED',
      });
    });

    it('says 429 as 403, with all that makes it 429 again', async () => {
      const { apiKey } = await mint({ limits: [{ requests: 1, windowSeconds: 60 }] });
      expect((await ask('&nginx=1', { 'x-api-key': apiKey })).status).toBe(200);
      const answer = await ask('&nginx=1', { 'x-api-key': apiKey });
      expect(outcomeOf(answer)).toEqual({ status: 403, code: 'RATE_LIMITED' });
      expect(answer.headers).toMatchObject({
        'x-latchkey-status': '429',
        'retry-after': expect.stringMatching(/^(59|60)$/),
        'ratelimit-policy': expect.stringContaining(';q=1;w=60'),
        ratelimit: expect.stringContaining(';r=0;'),
      });
      expect((await ask('', { 'x-api-key': apiKey })).status).toBe(429);
    });

    it('says 400 as 403', async () => {
      const answer = await ask('&nginx=1', { 'x-api-key': good, authorization: `Bearer ${verifier}` });
      expect(outcomeOf(answer)).toEqual({ status: 403, code: 'CREDENTIALS_CONFLICT' });
      expect(answer.headers['x-latchkey-status']).toBe('400');
    });

    it('leaves a fault of the proxy the failure that it is', async () => {
      expect((await ask('&nginx=1&scpoe=x', { 'x-api-key': good })).status).toBe(500);
    });
  });

  describe('the key of the proxy', () => {
    async function revoked(): Promise<string> {
      const { apiKey, keyId } = await mint({ scopes: ['keys:verify'] });
      await app.call(`/v1/keys/${keyId}/revoke`, { method: 'POST', key: owner.apiKey.raw });
      return apiKey;
    }

    const presentable: Readonly<Record<string, () => string | undefined | Promise<string>>> = {
      'is not sent': () => undefined,
      'is empty': () => ' ',
      'is no key': () => 'cko_typo',
      'may not verify': () => good,
      'has been revoked': revoked,
      'is bound to addresses elsewhere': async () =>
        (await mint({ scopes: ['keys:verify'], allowedAddresses: ['203.0.113.9'] })).apiKey,
      'is sent twice': () => `${verifier}, ${verifier}`,
    };

    it.each(Object.keys(presentable))('lets nobody in where it %s', async (how) => {
      const key = await presentable[how]?.();
      for (const presented of [good, 'cko_typo', undefined]) {
        const answer = await ask('', { 'x-latchkey-verifier-key': key, 'x-api-key': presented });
        expect(outcomeOf(answer)).toEqual({ status: 500, code: 'FORWARD_AUTH_MISCONFIGURED' });
        expect(JSON.stringify(answer)).not.toContain(verifier);
      }
    });

    it('is told apart by the log only, whatever is wrong with it', async () => {
      const wrong = ['cko_typo', generateKey('organization'), good, await revoked()];
      const answers = await Promise.all(
        wrong.map(
          async (key) => (await ask('', { 'x-latchkey-verifier-key': key, 'x-api-key': good })).body.error,
        ),
      );
      for (const each of answers) expect(each).toEqual(answers[0]);
      const lines = app.logLines.join('');
      for (const code of ['KEY_MALFORMED', 'KEY_UNKNOWN', 'SCOPE_MISSING', 'KEY_REVOKED']) {
        expect(lines).toContain(`"internal":"${code}"`);
      }
    });

    it('of another organization opens nothing here, nor is a key of that one known here', async () => {
      const stranger = await app.signUp('stranger@example.test');
      const body = { name: 'theirs', scopes: ['keys:verify', 'projects:read'] };
      const theirs = await app.call(`/v1/organizations/${stranger.organizationId}/keys`, {
        key: stranger.apiKey.raw,
        body,
      });
      const { apiKey } = theirs.body.data;
      const asStranger = await ask('', { 'x-latchkey-verifier-key': apiKey, 'x-api-key': apiKey });
      expect(outcomeOf(asStranger)).toEqual({ status: 500, code: 'FORWARD_AUTH_MISCONFIGURED' });
      expect(outcomeOf(await ask('', { 'x-api-key': apiKey }))).toEqual({ status: 401, code: 'NOT_FOUND' });
    });
  });

  describe('what the visitor asks for', () => {
    it('is what the header of this kind of proxy says, never the other one', async () => {
      const { apiKey } = await mint({ resources: ['/reports/*'] });
      const key = { 'x-api-key': apiKey };
      const [mine, other] = ['/reports/1', '/admin'];
      const forwarded = (uri?: string, original?: string) => ({
        ...key,
        'x-forwarded-uri': uri,
        'x-original-uri': original,
      });
      expect((await ask('&resource_from=path', forwarded(mine, other))).status).toBe(200);
      expect((await ask('&resource_from=path', forwarded(other, mine))).status).toBe(403);
      expect((await ask('&resource_from=path&nginx=1', forwarded(other, mine))).status).toBe(200);
      expect((await ask('&resource_from=path&nginx=1', forwarded(mine, other))).status).toBe(403);
      expect((await ask('&resource_from=path', forwarded(undefined, mine))).status).toBe(500);
      expect((await ask('&resource_from=path&nginx=1', forwarded(mine))).status).toBe(500);
      expect((await ask('', forwarded(mine))).status).toBe(403);
      expect((await ask('&resource=/reports/2', forwarded(other, other))).status).toBe(200);
    });

    it('is refused where a key stands in it, also of a valid request', async () => {
      for (const uri of [`/?api_key=${good}`, `/${good}/x`, `/?q=${good.replace('cko', 'c%6bo')}`]) {
        const answer = await ask('', { 'x-api-key': good, 'x-forwarded-uri': uri });
        expect(outcomeOf(answer)).toEqual({ status: 401, code: 'KEY_IN_URL_REFUSED' });
      }
    });
  });

  it('refuses a key in its own URL', async () => {
    const answer = await ask(`&api_key=${good}`);
    expect(outcomeOf(answer)).toEqual({ status: 401, code: 'KEY_IN_URL_REFUSED' });
  });

  it('does not take the address of a proxy that nobody trusts for that of the visitor', async () => {
    const { apiKey } = await mint({ allowedAddresses: ['127.0.0.1', '203.0.113.9'] });
    const answer = await ask('', { 'x-api-key': apiKey, 'x-forwarded-for': '203.0.113.9' });
    expect(outcomeOf(answer)).toEqual({ status: 403, code: 'IP_NOT_ALLOWED' });
  });

  it('an expired key is refused by the clock', async () => {
    const { apiKey } = await mint({ expiresInDays: 1 });
    expect((await ask('', { 'x-api-key': apiKey })).status).toBe(200);
    app.clock.advance(24 * hourMs);
    expect(outcomeOf(await ask('', { 'x-api-key': apiKey }))).toEqual({ status: 401, code: 'EXPIRED' });
  });

  it('logs whose key it was and why it was refused, and no secret', () => {
    const lines = app.logLines.filter((line) => line.includes('forwardAuth')).join('');
    expect(lines).toMatch(/"outcome":"OK","keyId":"[0-9a-f-]{36}"/);
    expect(lines).toContain('"outcome":"SCOPE_MISSING"');
    expect(app.logLines.join('')).toContain('"problem":"unknown parameter scpoe."');
    expect(app.logLines.join('')).not.toMatch(/cko_[0-9A-Za-z]{20}|eyJ/);
  });
});
