import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEachEngine, OauthFlows, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs, secondMs } from '../../platform/clock.ts';
import { readEvents, serverChain } from '../audit/index.ts';
import { sweepOauth } from './index.ts';

const alice = 'alice@example.com';
const callers = 64;

function statuses(answers: readonly { status: number }[]): Record<number, number> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(answers, ({ status }) => status)).map(([status, all]) => [
      status,
      all?.length ?? 0,
    ]),
  );
}

describeEachEngine('sessions', (open) => {
  let app: TestApp;
  let flows: OauthFlows;
  let store: Awaited<ReturnType<typeof open>>;

  beforeEach(async () => {
    store = await open();
    app = await startTestApp(store);
    flows = new OauthFlows(app);
    await app.signUp(alice, 'Acme');
    app.clock.advance(minuteMs);
  });
  afterEach(async () => {
    expect(app.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
    await app.close();
  });

  async function signIn() {
    const { status, body } = await flows.redeem(await flows.authorize(alice));
    expect(status).toBe(200);
    app.clock.advance(minuteMs);
    return body;
  }

  const session = (token: string) => app.deps.sessions.authenticate(token);
  const invalid = { code: 'SESSION_INVALID', status: 401, nextAction: 'Sign in again: `latchkey login`.' };

  it('tell who signed in, when, with which client, and when it ends', async () => {
    const startedAt = app.clock.now();
    const { access_token: token } = await signIn();
    expect(await session(token)).toEqual({
      userId: expect.any(String),
      email: alice,
      sessionId: expect.any(String),
      clientId: 'latchkey-cli',
      signedInAt: startedAt,
      expiresAt: startedAt + 30 * dayMs,
    });
  });

  it('hand out opaque access tokens for 10 minutes, for the API alone', async () => {
    const tokens = await signIn();
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'latchkey' });
    expect(tokens.access_token).toMatch(/^[\w-]{43}$/);
    expect(tokens.refresh_token).toMatch(/^[\w-]{43}$/);
    app.clock.advance(9 * minuteMs - secondMs);
    expect(await session(tokens.access_token)).toMatchObject({ email: alice });
    app.clock.advance(secondMs);
    await expect(session(tokens.access_token)).rejects.toMatchObject(invalid);
  });

  it('are live until they end, also as a transaction sees it', async () => {
    const tokens = await signIn();
    const { sessionId, expiresAt } = await session(tokens.access_token);
    const isLive = (now: number) =>
      app.deps.store.write((trx) => app.deps.sessions.isLive(trx, sessionId, now));
    expect([await isLive(expiresAt - 1), await isLive(expiresAt)]).toEqual([true, false]);
    await flows.revoke(tokens.refresh_token);
    expect(await isLive(app.clock.now())).toBe(false);
  });

  it('slide 30 days from the last refresh, and no longer', async () => {
    let tokens = await signIn();
    app.clock.advance(-minuteMs);
    for (let month = 0; month < 3; month += 1) {
      app.clock.advance(30 * dayMs - 2 * secondMs);
      const { status, body } = await flows.refresh(tokens.refresh_token);
      expect(status).toBe(200);
      tokens = body;
    }
    expect((await session(tokens.access_token)).expiresAt).toBe(app.clock.now() + 30 * dayMs);
    app.clock.advance(30 * dayMs);
    expect(await flows.refresh(tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it.each(['not-a-token', '', 'cko_0000'])('refuse %j', async (token) => {
    await expect(session(token)).rejects.toMatchObject(invalid);
  });

  it('refuse a refresh token, and an ID token, in place of an access token', async () => {
    const tokens = await signIn();
    await expect(session(tokens.refresh_token)).rejects.toMatchObject(invalid);
    await expect(session(tokens.id_token)).rejects.toMatchObject(invalid);
  });

  it('refuse a token that was not granted the API', async () => {
    const code = await flows.authorize(alice, { scope: 'openid email' });
    const { body } = await flows.redeem(code);
    await expect(session(body.access_token)).rejects.toMatchObject(invalid);
  });

  it.each([
    'access_token',
    'refresh_token',
  ])('end with all their tokens when the %s is revoked', async (kind) => {
    const [tokens, others] = [await signIn(), await signIn()];
    expect(await flows.revoke(tokens[kind])).toMatchObject({ status: 200 });
    await expect(session(tokens.access_token)).rejects.toMatchObject(invalid);
    expect(await flows.refresh(tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await flows.revoke(tokens[kind])).toMatchObject({ status: 200 });
    expect(await session(others.access_token)).toMatchObject({ email: alice });
  });

  it('end when a refresh token is used twice, also for who had the newer one', async () => {
    const first = await signIn();
    const { body: second } = await flows.refresh(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await flows.refresh(first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    await expect(session(second.access_token)).rejects.toMatchObject(invalid);
    expect(await flows.refresh(second.refresh_token)).toMatchObject({ status: 400 });
  });

  it('end when the code that began them is presented again', async () => {
    const code = await flows.authorize(alice);
    const { body } = await flows.redeem(code);
    expect(await flows.redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await expect(session(body.access_token)).rejects.toMatchObject(invalid);
    expect(await flows.refresh(body.refresh_token)).toMatchObject({ status: 400 });
  });

  it('begin with a code that lives a minute', async () => {
    const code = await flows.authorize(alice);
    app.clock.advance(minuteMs);
    expect(await flows.redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('leave nothing behind once they are over for a day', async () => {
    await signIn();
    app.clock.advance(32 * dayMs);
    await sweepOauth(app.deps);
    const rows = await app.deps.store.db.selectFrom('oauth_records').select('kind').execute();
    expect(rows).toEqual([]);
  });

  it('keep no token, code or user code where a dump would show it', async () => {
    const code = await flows.authorize(alice);
    const { body: tokens } = await flows.redeem(code);
    const { body: device } = await flows.startDevice();
    const secrets = [
      code.code,
      tokens.access_token,
      tokens.refresh_token,
      device.device_code,
      device.user_code,
      device.user_code.replace('-', ''),
    ];
    const rows = await app.deps.store.db.selectFrom('oauth_records').selectAll().execute();
    const meta = await app.deps.store.db.selectFrom('meta').selectAll().execute();
    const files = readdirSync(store.dataDir).map((name) => readFileSync(join(store.dataDir, name), 'latin1'));
    const dump = JSON.stringify([rows, meta]) + files.join('') + app.logLines.join('');
    expect(rows.length).toBeGreaterThan(3);
    expect(secrets.filter((secret) => dump.includes(secret))).toEqual([]);
    expect(dump).not.toContain('"d":');
  });

  describe('leave audit events', () => {
    const origin = { address: '127.0.0.1', requestId: expect.any(String) };

    /** What is told of sessions, oldest first. */
    async function told() {
      const events = await readEvents(app.deps.store.db, serverChain, 0, 100);
      return events
        .filter(({ resource }) => resource.type === 'session')
        .map(({ action, actor, resource, address, requestId }) => ({
          action,
          email: actor.email,
          sessionId: resource.id,
          address,
          requestId,
        }));
    }

    it('of their beginning, and of their end by who held them', async () => {
      const tokens = await signIn();
      const { sessionId } = await session(tokens.access_token);
      await flows.revoke(tokens.refresh_token);
      await flows.revoke(tokens.refresh_token);
      expect(await told()).toEqual([
        { action: 'auth.session_begin', email: alice, sessionId, ...origin },
        { action: 'auth.session_end', email: alice, sessionId, ...origin },
      ]);
    });

    it('one when a copy shows up, however often', async () => {
      const tokens = await signIn();
      const { sessionId } = await session(tokens.access_token);
      await Promise.all(Array.from({ length: callers }, () => flows.refresh(tokens.refresh_token)));
      await flows.refresh(tokens.refresh_token);
      expect((await told()).slice(1)).toEqual([
        { action: 'auth.session_reuse', email: null, sessionId, ...origin },
      ]);
    });
  });

  it('have one winner among 64 who redeem one code', async () => {
    const code = await flows.authorize(alice);
    const answers = await Promise.all(Array.from({ length: callers }, () => flows.redeem(code)));
    expect(statuses(answers)).toEqual({ 200: 1, 400: callers - 1 });
  });

  it('have one winner among 64 who present one refresh token, and then end', async () => {
    const { refresh_token: token } = await signIn();
    const answers = await Promise.all(Array.from({ length: callers }, () => flows.refresh(token)));
    expect(statuses(answers)).toEqual({ 200: 1, 400: callers - 1 });
    const winner = answers.find(({ status }) => status === 200);
    await expect(session(winner?.body.access_token)).rejects.toMatchObject(invalid);
  });

  it('have one winner among 64 who redeem one device code', async () => {
    const { body } = await flows.startDevice();
    await flows.allowDevice(body.user_code, alice);
    const answers = await Promise.all(Array.from({ length: callers }, () => flows.poll(body.device_code)));
    expect(statuses(answers)).toEqual({ 200: 1, 400: callers - 1 });
    const winner = answers.find(({ status }) => status === 200);
    expect(await session(winner?.body.access_token)).toMatchObject({ email: alice });
  });

  it('are one each for a second sign-in of the same person', async () => {
    const [first, second] = [await signIn(), await signIn()];
    const ids = await Promise.all([first, second].map(({ access_token: token }) => session(token)));
    expect(new Set(ids.map(({ sessionId }) => sessionId)).size).toBe(2);
  });

  it('survive a restart on the same database, signing key included', async () => {
    const tokens = await signIn();
    const { body: before } = await app.call('/oauth/jwks');
    const { clock } = app;
    await app.close();
    app = await startTestApp(store, { clock });
    flows = new OauthFlows(app);
    expect(await session(tokens.access_token)).toMatchObject({ email: alice });
    expect(await flows.refresh(tokens.refresh_token)).toMatchObject({ status: 200 });
    expect((await app.call('/oauth/jwks')).body).toEqual(before);
  });

  describe('refuse', () => {
    /** Where a refused authorization request leads, or what is shown when it may lead nowhere. */
    async function refused(others: Record<string, string | undefined>) {
      const visitor = flows.visitor();
      await visitor.open(flows.authorizeUrl('v'.repeat(43), others));
      if (visitor.leftTo === undefined) return { status: visitor.status, text: visitor.page };
      const { search, hash } = new URL(visitor.leftTo);
      return Object.fromEntries(new URLSearchParams((search || hash).slice(1)));
    }

    it.each([
      ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
      ['PKCE plain', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['PKCE without a method', { code_challenge_method: undefined }, 'invalid_request'],
      ['the implicit flow', { response_type: 'token' }, 'invalid_request'],
      ['an ID token from the front', { response_type: 'code id_token' }, 'invalid_request'],
      ['another resource', { resource: 'https://elsewhere.example/' }, 'invalid_target'],
      ['an answer by form', { response_mode: 'form_post' }, 'unsupported_response_mode'],
      ['no page to sign in on', { prompt: 'none' }, 'login_required'],
    ])('%s', async (_name, others, error) => {
      expect(await refused(others)).toMatchObject({ error, state: 'state-of-the-test', iss: flows.issuer });
    });

    it.each([
      ['another host', 'http://localhost:49152/callback'],
      ['another path', 'http://127.0.0.1:49152/other'],
      ['a path below', 'http://127.0.0.1:49152/callback/x'],
      ['a query', 'http://127.0.0.1:49152/callback?x=1'],
      ['https', 'https://127.0.0.1:49152/callback'],
      ['a user', 'http://x@127.0.0.1:49152/callback'],
      ['a look-alike', 'http://127.0.0.1.example.com/callback'],
      ['nothing', undefined],
    ])('a redirect to %s, without redirecting', async (_name, uri) => {
      expect(await refused({ redirect_uri: uri })).toMatchObject({ status: 400 });
    });

    it('an unknown client, without redirecting', async () => {
      expect(await refused({ client_id: 'someone' })).toMatchObject({ status: 400 });
    });

    it.each([
      ['a wrong verifier', { code_verifier: 'w'.repeat(43) }],
      ['no verifier', { code_verifier: '' }],
      ['another port in the second request', { redirect_uri: 'http://127.0.0.1:1/callback' }],
    ])('%s for a code', async (_name, others) => {
      const { code, verifier, redirectUri } = await flows.authorize(alice);
      const right = { code_verifier: verifier, redirect_uri: redirectUri };
      const fields = {
        grant_type: 'authorization_code',
        client_id: 'latchkey-cli',
        code,
        ...right,
        ...others,
      };
      expect(await flows.post('/oauth/token', fields)).toMatchObject({ status: 400 });
    });

    it.each(['password', 'client_credentials', 'implicit'])('the grant type %s', async (type) => {
      const answer = await flows.post('/oauth/token', { grant_type: type, client_id: 'latchkey-cli' });
      expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
    });
  });

  it.each([
    'http://127.0.0.1:1/callback',
    'http://127.0.0.1:65535/callback',
    'http://[::1]:5000/callback',
  ])('go back to %s', async (redirectUri) => {
    const code = await flows.authorize(alice, { redirect_uri: redirectUri });
    expect(await flows.redeem(code)).toMatchObject({ status: 200 });
    expect(code.state).toBe('state-of-the-test');
  });

  it('may name the API as the resource', async () => {
    const code = await flows.authorize(alice, { resource: flows.issuer });
    const { body } = await flows.redeem(code);
    expect(await session(body.access_token)).toMatchObject({ email: alice });
  });

  it('need the page of the sign-in within its half hour', async () => {
    const visitor = flows.visitor();
    await visitor.open(flows.authorizeUrl('v'.repeat(43)));
    app.clock.advance(hourMs / 2);
    await visitor.submit('/email', { email: alice });
    expect(visitor.status).toBe(400);
    expect(visitor.page).toContain('This sign-in is over');
  });
});
