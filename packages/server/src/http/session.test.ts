import {
  describeEachEngine,
  OauthFlows,
  startTestApp,
  type TestApp,
  temporaryFolder,
  Visitor,
} from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, foundTeam } from '../domains/people-for-tests.ts';
import { hourMs, minuteMs, secondMs } from '../platform/clock.ts';
import { ownRequestHeader } from './session.ts';

const alice = 'alice@example.com';
const own = { [ownRequestHeader]: '1' };

describeEachEngine('signing in to the dashboard', (open) => {
  let app: TestApp;
  let flows: OauthFlows;
  let setCookies: string[];
  let visitor: Visitor;

  beforeAll(async () => {
    app = await startTestApp(await open(), { env: { LATCHKEY_PUBLIC_URL: 'http://localhost:4700' } });
    flows = new OauthFlows(app);
    await app.signUp(alice, 'Acme');
  });
  afterAll(() => app.close());

  /** A browser whose cookies can be looked at as they were set. */
  function newVisitor(): Visitor {
    return new Visitor(flows.issuer, async (method, path, headers, body) => {
      const answer = await app.call(path, { method, headers, ...(body !== undefined && { body }) });
      setCookies.push(...[answer.headers['set-cookie'] ?? []].flat().map(String));
      return { ...answer, body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) };
    });
  }

  beforeEach(() => {
    app.clock.advance(minuteMs);
    setCookies = [];
    visitor = newVisitor();
  });

  /** The newest cookie of the dashboard, with its flags. */
  const sessionCookie = () => setCookies.findLast((each) => each.startsWith('latchkey_dashboard=')) ?? '';
  const pairOf = (cookie: string) => cookie.split('; ')[0] ?? '';

  async function signIn(to = '/v1/auth/me'): Promise<string> {
    await visitor.open(`/session/begin?to=${encodeURIComponent(to)}`);
    await flows.signIn(visitor, alice);
    return pairOf(sessionCookie());
  }

  const me = (headers: Record<string, string>) => app.call('/v1/auth/me', { headers });

  it('takes an address and its code, asks nothing else, and goes on where the person was', async () => {
    const cookie = await signIn('/v1/auth/me?from=start');
    expect(visitor.path).toBe('/v1/auth/me');
    const { status, body } = await me({ cookie, ...own });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ email: alice, organizations: [{ name: 'Acme', role: 'owner' }] });
  });

  it('keeps the session in a cookie that no script reads and no other site sends, for 12 hours', async () => {
    const cookie = await signIn();
    expect(sessionCookie()).toMatch(
      /^latchkey_dashboard=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    app.clock.advance(12 * hourMs - 2 * secondMs);
    expect((await me({ cookie, ...own })).status).toBe(200);
    app.clock.advance(2 * secondMs);
    expect((await me({ cookie, ...own })).body.error.code).toBe('SESSION_INVALID');
  });

  it('makes a new session each time, whatever cookies the browser came with', async () => {
    const first = await signIn();
    app.clock.advance(minuteMs);
    const second = await signIn();
    expect(second).not.toBe(first);
    expect((await me({ cookie: first, ...own })).status).toBe(200);
  });

  describe('begins where somebody wanted to go', () => {
    const path = '/o/some/keys?text=a%26b';
    const page = async (headers: Record<string, string>) => String((await app.call(path, { headers })).body);

    it.each(['none', 'same-origin'])('at once, for a browser without a session (%s)', async (site) => {
      const text = await page({ 'sec-fetch-site': site });
      expect(text).toContain(`href="/session/begin?to=${encodeURIComponent(path)}"`);
      expect(text).not.toContain('<script');
    });

    it.each([
      ['that another site leads here, which leaves the cookie out', { 'sec-fetch-site': 'cross-site' }],
      ['that does not say what leads here', {}],
    ])('once the dashboard has asked, for a browser %s', async (_name, headers) => {
      expect(await page(headers)).toContain('<script');
    });

    it('and not at all for a browser with a session', async () => {
      expect(await page({ cookie: await signIn(), 'sec-fetch-site': 'none' })).toContain('<script');
    });

    it('but nowhere else than here', async () => {
      const { body } = await app.call('/session/sign-in?to=https://evil.example/');
      expect(String(body)).toContain('href="/session/begin?to=%2F"');
    });
  });

  describe('gives what another site has a browser send nobody to act as', () => {
    it.each([
      ['the cookie alone', {}],
      ['a request that the browser calls cross-site', { ...own, 'sec-fetch-site': 'cross-site' }],
      ['one of a sibling host', { ...own, 'sec-fetch-site': 'same-site' }],
      ['one typed into the address bar', { ...own, 'sec-fetch-site': 'none' }],
    ])('%s', async (_name, headers) => {
      const cookie = await signIn();
      expect((await me({ cookie, ...headers })).body.error.code).toBe('NOT_AUTHENTICATED');
      const created = await app.call('/v1/organizations', {
        body: { name: 'By another site' },
        headers: { cookie, ...headers },
      });
      expect(created.status).toBe(401);
    });
  });

  it('lets a key that is sent along speak, not the cookie', async () => {
    const cookie = await signIn();
    const { apiKey } = await app.signUp(`with-key-${app.clock.now()}@example.com`);
    const { body } = await app.call('/v1/whoami', { key: apiKey.raw, headers: { cookie, ...own } });
    expect(body.data.keyId).toBe(apiKey.keyId);
  });

  it('says to an operation that takes keys only that a session is none', async () => {
    const cookie = await signIn();
    const { body } = await app.call('/v1/keys/verify-many', {
      body: { questions: [{ key: 'cko_x' }] },
      headers: { cookie, ...own },
    });
    expect(body.error.code).toBe('KEY_FAMILY_NOT_ALLOWED');
  });

  it('does not finish a sign-in that another browser has begun', async () => {
    await visitor.open('/session/begin');
    const victim = newVisitor();
    const callback = `/session/callback?code=x&state=y`;
    await victim.open(callback);
    expect(setCookies.some((each) => each.startsWith('latchkey_dashboard='))).toBe(false);
    await visitor.open(callback);
    expect(sessionCookie()).toBe('');
  });

  it('redeems a code once', async () => {
    await visitor.open('/session/begin');
    let callback = '';
    const watched = new Visitor(flows.issuer, async (method, path, headers, body) => {
      if (path.startsWith('/session/callback')) callback = path;
      const answer = await app.call(path, { method, headers, ...(body !== undefined && { body }) });
      return { ...answer, body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) };
    });
    watched.takeCookiesOf(visitor);
    await watched.open('/session/begin');
    await flows.signIn(watched, alice);
    expect(callback).toContain('code=');
    const again = await app.call(callback);
    expect(again.status).toBe(303);
    expect(again.headers.location).toBe('http://localhost:4700/session/sign-in?unfinished=true');
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/a b',
    '',
  ])('goes on to the start page where it is told to leave for %s', async (to) => {
    await signIn(to);
    expect(visitor.leftTo).toBeUndefined();
    expect(visitor.path).toBe('/');
  });

  it('ends with the session, wherever that is ended', async () => {
    const cookie = await signIn();
    const token = cookie.slice('latchkey_dashboard='.length);
    await flows.post('/oauth/revoke', { client_id: 'latchkey-dashboard', token });
    expect((await me({ cookie, ...own })).body.error.code).toBe('SESSION_INVALID');
  });

  it('is taken out of the browser that signs out, and not out of one that ends another', async () => {
    const first = await signIn();
    app.clock.advance(minuteMs);
    const cookie = await signIn();
    const headers = { cookie, ...own };
    const { sessions } = (await app.call('/v1/auth/sessions', { headers: { cookie: first, ...own } })).body
      .data;
    const { sessionId } = sessions.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent);
    const ended = await app.call('/v1/auth/sessions/end', { body: { sessionId }, headers });
    expect(ended.body.data).toEqual({ ended: true });
    expect(ended.headers['set-cookie']).toBeUndefined();
    const out = await app.call('/v1/auth/sessions/end', { body: {}, headers });
    expect(out.headers['set-cookie']).toBe(
      'latchkey_dashboard=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    );
  });

  it('asks whoever is invited somewhere whether they join, and joins them only then', async () => {
    const { organizationId, owner } = await foundTeam(app, 'inviting@example.com');
    await ask(app, 'members.invite', { organizationId, email: alice, role: 'developer' }, owner.token);
    app.clock.advance(minuteMs);
    await signIn();
    expect(visitor.page).toContain('You are invited');
    expect(visitor.page).not.toContain('The answer goes to');
    expect(sessionCookie()).toBe('');
    await visitor.submit('/consent', { decision: 'allow' });
    const { body } = await me({ cookie: pairOf(sessionCookie()), ...own });
    expect(body.data.organizations).toHaveLength(1);
  });
});

describe('the cookies of the dashboard over TLS', () => {
  it('are sent by TLS only, and that of the session belongs to this host alone', async () => {
    const store = { engine: 'sqlite', dataDir: temporaryFolder('tls'), databaseUrl: undefined } as const;
    const app = await startTestApp(store, { env: { LATCHKEY_PUBLIC_URL: 'https://localhost' } });
    const flows = new OauthFlows(app);
    const set: string[] = [];
    const visitor = new Visitor(flows.issuer, async (method, path, headers, body) => {
      const answer = await app.call(path, { method, headers, ...(body !== undefined && { body }) });
      set.push(...[answer.headers['set-cookie'] ?? []].flat().map(String));
      return { ...answer, body: String(answer.body) };
    });
    await visitor.open('/session/begin');
    expect(set[0]).toMatch(
      /^__Host-latchkey_attempt=[\w-]+; Path=\/; Max-Age=1800; HttpOnly; SameSite=Lax; Secure$/,
    );
    await flows.signIn(visitor, alice);
    expect(set.findLast((each) => each.includes('latchkey_dashboard='))).toMatch(
      /^__Host-latchkey_dashboard=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    await app.close();
  });

  it('of a sign-in cannot be planted from another host', async () => {
    const store = { engine: 'sqlite', dataDir: temporaryFolder('planted'), databaseUrl: undefined } as const;
    const secure = await startTestApp(store, { env: { LATCHKEY_PUBLIC_URL: 'https://localhost' } });
    const begun = await secure.call('/session/begin');
    const [pair = ''] = String(begun.headers['set-cookie']).split(';');
    const state = new URL(String(begun.headers.location)).searchParams.get('state');
    const finish = (cookie: string) =>
      secure.call(`/session/callback?code=x&state=${state}`, { headers: { cookie } });
    // Nothing else was wrong with it: the code is, once the cookie counts.
    expect((await finish(pair)).body.error.code).toBe('SESSION_INVALID');
    const planted = await finish(pair.replace('__Host-', ''));
    expect(planted.headers.location).toBe('https://localhost/session/sign-in?unfinished=true');
    await secure.close();
  });
});
