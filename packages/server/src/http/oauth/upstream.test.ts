import { OauthFlows, startTestApp, type TestApp, temporaryFolder, Visitor } from '@latchkey/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { minuteMs } from '../../platform/clock.ts';
import { type Claims, Company, credentials } from './company-for-tests.ts';

const alice = 'alice@example.com';

describe('signing in with another provider', () => {
  let company: Company;
  let app: TestApp;
  let flows: OauthFlows;
  let visitor: Visitor;

  async function start(publicUrl = 'http://127.0.0.1:4700'): Promise<void> {
    await company.start(`${publicUrl}/oauth/upstream/callback`);
    const store = { engine: 'sqlite', dataDir: temporaryFolder('upstream'), databaseUrl: undefined } as const;
    app = await startTestApp(store, {
      env: {
        LATCHKEY_PUBLIC_URL: publicUrl,
        LATCHKEY_UPSTREAM_ISSUER: company.issuer,
        LATCHKEY_UPSTREAM_CLIENT_ID: credentials.client_id,
        LATCHKEY_UPSTREAM_CLIENT_SECRET: credentials.client_secret,
      },
    });
    flows = new OauthFlows(app);
    visitor = flows.visitor();
  }

  beforeEach(() => {
    // The library advises whoever makes a provider of few settings, as the company is.
    for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockReturnValue();
    company = new Company();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await app.close();
    await company.stop();
  });

  /** Opens a sign-in and follows its link; answers where at the company that leads. */
  async function leave(from = visitor): Promise<string> {
    await from.open(flows.authorizeUrl('v'.repeat(43)));
    await from.open(`${from.path}/upstream`);
    if (from.leftTo === undefined) throw new Error(from.page);
    return from.leftTo;
  }

  /** Goes through the company's pages; answers where it sends the browser back to. */
  async function atCompany(url: string): Promise<string> {
    const browser = company.browser();
    await browser.open(url);
    return browser.leftTo ?? browser.page;
  }

  async function thereAndBack(): Promise<void> {
    await visitor.open(await atCompany(await leave()));
  }

  it('lets nobody go on as whoever comes back with a cookie that he has planted from another host of ours', async () => {
    await start('https://localhost');
    let cookie = '';
    const attacker = new Visitor(flows.issuer, async (method, path, headers, body) => {
      const answer = await app.call(path, { method, headers, ...(body !== undefined && { body }) });
      const set = [answer.headers['set-cookie'] ?? []].flat().map(String);
      cookie = set.find((each) => each.includes('latchkey_upstream=')) ?? cookie;
      return { ...answer, body: String(answer.body) };
    });
    const back = new URL(await atCompany(await leave(attacker)));
    expect(cookie).toMatch(
      /^__Host-latchkey_upstream=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
    );
    const planted = cookie.split(';')[0]?.replace('__Host-', '') ?? '';
    const { body } = await app.call(back.pathname + back.search, { headers: { cookie: planted } });
    expect(body).toContain('This sign-in is over');
    await attacker.open(attacker.path);
    expect(attacker.page).not.toContain(alice);
  });

  it('is offered by the name of its host', async () => {
    await start();
    await visitor.open(flows.authorizeUrl('v'.repeat(43)));
    expect(visitor.page).toContain(`Continue with ${new URL(company.issuer).host}`);
    expect(visitor.page).toContain('Email me a code');
  });

  it.each([
    true,
    false,
  ])('vouches for an address, and the person goes on from there; in the ID token: %s', async (inIdToken) => {
    company.claimsInIdToken = inIdToken;
    await start();
    await app.signUp(alice, 'Acme');
    await thereAndBack();
    expect(visitor.page).toContain(`says that you are <strong>${alice}</strong>`);
    await visitor.submit('/vouched');
    expect(visitor.page).toContain('Acme (owner)');
    await visitor.submit('/consent', { decision: 'allow' });
    const code = new URL(visitor.leftTo ?? '').searchParams.get('code') ?? '';
    const { body } = await flows.redeem({
      code,
      verifier: 'v'.repeat(43),
      redirectUri: flows.redirectUri,
      state: null,
    });
    expect(await app.deps.sessions.authenticate(body.access_token)).toMatchObject({ email: alice });
  });

  it('makes an account for somebody new when they go on, not before', async () => {
    await start();
    company.claims = { email: 'New.Person@Example.com', email_verified: true };
    await thereAndBack();
    const users = async () => (await app.deps.store.db.selectFrom('users').select('email').execute()).length;
    expect(await users()).toBe(0);
    await visitor.submit('/vouched');
    expect(await users()).toBe(1);
    expect(visitor.page).toContain('new.person@example.com');
    expect(visitor.page).toContain('You do not belong to any organization yet');
  });

  it.each<[string, Claims]>([
    ['unverified', { email: alice, email_verified: false }],
    ['not said to be verified', { email: alice }],
    ['missing', { email_verified: true }],
  ])('does not take an address that is %s', async (_name, claims) => {
    await start();
    company.claims = claims;
    await thereAndBack();
    expect(visitor.page).toContain('has not verified your email address');
    expect(visitor.page).toContain('Email me a code');
    await visitor.post(`${visitor.path}/vouched`, {
      token: /name="token" value="([^"]+)"/.exec(visitor.page)?.[1] ?? '',
    });
    expect(visitor.page).toContain('Email address');
  });

  it('sends state, nonce and an S256 challenge, fresh each time', async () => {
    await start();
    const asked = [await leave(), await leave(flows.visitor())].map((url) => new URL(url).searchParams);
    for (const query of asked) expect(query.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const [first, second] = asked.map((query) => query.get(name) ?? '');
      expect.soft(first, name).toMatch(/^[\w-]{43}$/);
      expect.soft(second, name).not.toBe(first);
    }
  });

  it('says so when the person is refused there', async () => {
    await start();
    const state = new URL(await leave()).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: 'access_denied', state, iss: company.issuer });
    await visitor.open(`/oauth/upstream/callback?${query}`);
    expect(visitor.page).toContain('did not confirm who you are');
    expect(visitor.page).toContain('Email me a code');
  });

  it.each([
    ['another state', (back: URL) => back.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (back: URL) => back.searchParams.delete('state')],
    ['another issuer', (back: URL) => back.searchParams.set('iss', 'https://elsewhere.example')],
    ['a code of nobody', (back: URL) => back.searchParams.set('code', 'x'.repeat(43))],
  ])('refuses an answer with %s', async (_name, forge) => {
    await start();
    const back = new URL(await atCompany(await leave()));
    forge(back);
    await visitor.open(back.href);
    expect(visitor.page).toContain('did not confirm who you are');
  });

  it('refuses an ID token with the nonce of another sign-in', async () => {
    company.forgesNonce = true;
    await start();
    await thereAndBack();
    expect(visitor.page).toContain('did not confirm who you are');
  });

  it('takes an answer only in the browser that left for it, once, and within 10 minutes', async () => {
    await start();
    const back = await atCompany(await leave());
    const other = flows.visitor();
    await leave(other);
    await other.open(back);
    expect(other.page).toContain('did not confirm who you are');
    const stranger = flows.visitor();
    await stranger.open(back);
    expect(stranger.page).toContain('This sign-in is over');
    await visitor.open(back);
    expect(visitor.page).toContain('says that you are');
    await visitor.open(back);
    expect(visitor.page).toContain('This sign-in is over');
    const late = await atCompany(await leave());
    app.clock.advance(10 * minuteMs);
    await visitor.open(late);
    expect(visitor.page).toContain('This sign-in is over');
  });

  it('leaves the emailed code where it cannot be reached, and comes back with it', async () => {
    await start();
    company.instead = (_request, response) => response.writeHead(503).end();
    await visitor.open(flows.authorizeUrl('v'.repeat(43)));
    await visitor.open(`${visitor.path}/upstream`);
    expect(visitor.page).toContain('cannot be reached right now');
    company.instead = undefined;
    await leave();
    expect(visitor.leftTo).toContain(company.issuer);
  });

  it('writes nothing of what it was sent into the log', async () => {
    await start();
    company.claims = { email: alice };
    const back = await atCompany(await leave());
    const forged = new URL(back);
    forged.searchParams.set('state', 'forged-state-of-the-test');
    await visitor.open(forged.href);
    const lines = app.logLines.join('');
    expect(lines).toContain('upstream refused');
    for (const secret of [new URL(back).searchParams.get('code') ?? '', 'forged-state-of-the-test', alice]) {
      expect(lines).not.toContain(secret);
    }
  });
});
