import { OauthFlows, startTestApp, type TestApp, temporaryFolder, Visitor } from '@latchkey/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signInRequests } from '../../domains/oauth/oauth.rules.ts';
import { setCount } from '../../domains/rows-for-tests.sql.ts';
import { minuteMs } from '../../platform/clock.ts';

const alice = 'alice@example.com';
const verifier = 'v'.repeat(43);

describe('the sign-in pages', () => {
  let app: TestApp;
  let flows: OauthFlows;
  let visitor: Visitor;

  async function start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    const store = { engine: 'sqlite', dataDir: temporaryFolder('pages'), databaseUrl: undefined } as const;
    app = await startTestApp(store, { env });
    flows = new OauthFlows(app);
    await app.signUp(alice, 'Acme & <Sons>');
    app.clock.advance(minuteMs);
    visitor = flows.visitor();
  }

  beforeEach(() => start());
  afterEach(() => app.close());

  const begin = () => visitor.open(flows.authorizeUrl(verifier));

  it('let somebody in who has signed up a moment ago', async () => {
    const newcomer = 'newcomer@example.com';
    await app.signUp(newcomer);
    await begin();
    await visitor.submit('/email', { email: newcomer });
    await visitor.submit('/code', { code: app.codeFor(newcomer) });
    expect(visitor.page).toContain('Signed in as');
  });

  /** Every page on the way, by name. */
  async function allPages(): Promise<Record<string, { page: string; headers: Visitor['headers'] }>> {
    const pages: Record<string, { page: string; headers: Visitor['headers'] }> = {};
    const keep = (name: string) => {
      pages[name] = { page: visitor.page, headers: visitor.headers };
    };
    await begin();
    keep('email');
    await visitor.submit('/email', { email: 'nobody' });
    keep('wrong email');
    await visitor.submit('/email', { email: alice });
    keep('code');
    await visitor.submit('/code', { code: '000000' });
    keep('wrong code');
    await visitor.submit('/code', { code: app.codeFor(alice) });
    keep('consent');
    await visitor.open('/oauth/interaction/someone-elses');
    keep('over');
    await visitor.open('/oauth/authorize?client_id=nobody');
    keep('broken');
    const { body } = await flows.startDevice();
    await visitor.open('/device');
    keep('device');
    await visitor.submit('/device', { user_code: 'BBBB' });
    keep('wrong user code');
    await visitor.submit('/device', { user_code: body.user_code });
    keep('device confirm');
    await visitor.submit('/device', { abort: 'yes' });
    keep('device denied');
    const { body: other } = await flows.startDevice();
    app.clock.advance(minuteMs);
    const { page, headers } = await flows.allowDevice(other.user_code, alice);
    return { ...pages, 'device done': { page, headers } };
  }

  it('are whole documents with one heading, a language, a main part, and a label for every field', async () => {
    for (const [name, { page }] of Object.entries(await allPages())) {
      expect.soft(page.match(/<h1>/g), name).toHaveLength(1);
      expect.soft(page.match(/<main>/g), name).toHaveLength(1);
      expect.soft(page, name).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect.soft(page, name).toMatch(/<title>[^<]+ · Latchkey<\/title>/);
      expect
        .soft(page, name)
        .toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
      for (const [, id] of page.matchAll(/<input (?![^>]*type="hidden")[^>]*\bid="(\w+)"/g)) {
        expect.soft(page, name).toContain(`<label for="${id}">`);
      }
      const shown = page.match(/<input (?![^>]*type="hidden")/g) ?? [];
      expect.soft(page.match(/<label /g) ?? [], name).toHaveLength(shown.length);
    }
  });

  it('run no script, load nothing from elsewhere, and cannot be framed or kept', async () => {
    for (const [name, { page, headers }] of Object.entries(await allPages())) {
      expect.soft(page, name).not.toMatch(/<script|<style| style=| on\w+=|javascript:|https?:\/\//);
      expect
        .soft(headers['content-security-policy'], name)
        .toMatch(
          /^default-src 'none'; style-src 'self'; form-action 'self'( http:\/\/127\.0\.0\.1:49152)?; frame-ancestors 'none'; base-uri 'none'$/,
        );
      expect.soft(headers, name).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    }
  });

  it('announce what went wrong and tie it to the field', async () => {
    await begin();
    await visitor.submit('/email', { email: 'nobody' });
    expect(visitor.status).toBe(400);
    expect(visitor.page).toContain('role="alert" id="problem">This is not a valid email address.');
    expect(visitor.page).toMatch(/id="email"[^>]*aria-invalid="true" aria-describedby="problem"/);
    expect(visitor.page).toContain('value="nobody"');
  });

  it('show client, host, abilities, person and organizations before they ask', async () => {
    await begin();
    await flows.signIn(visitor, alice);
    for (const text of [
      'Allow Latchkey command line?',
      '127.0.0.1:49152',
      'Manage your organizations, workspaces and keys, as far as your own role allows',
      'See your email address',
      'Stay signed in until it has not been used for 30 days',
      alice,
      'Acme &amp; &lt;Sons&gt; (owner)',
    ]) {
      expect.soft(visitor.page).toContain(text);
    }
  });

  it('escape what was typed and what the client sent', async () => {
    await visitor.open(flows.authorizeUrl(verifier, { login_hint: '"><script>alert(1)</script>' }));
    expect(visitor.page).toContain('value="&quot;&gt;&lt;script&gt;');
    await visitor.submit('/email', { email: '"><img src=x>' });
    expect(visitor.page).not.toContain('<img');
  });

  it('make an account for somebody new, found nothing, and do not tell others whether they had one', async () => {
    const stranger = 'stranger@example.com';
    await begin();
    await visitor.submit('/email', { email: stranger });
    expect(visitor.page).toContain('Type the code');
    await visitor.submit('/code', { code: app.codeFor(stranger) });
    expect(visitor.page).toContain('You do not belong to any organization yet');
    await visitor.submit('/consent', { decision: 'allow' });
    expect(visitor.leftTo).toContain('code=');
    const { db } = app.deps.store;
    const rows = await db.selectFrom('users').select('id').where('email', '=', stranger).execute();
    expect(rows).toHaveLength(1);
    expect(await db.selectFrom('organizations').select('id').execute()).toHaveLength(1);
  });

  it('take a code once, count wrong ones, and say what is left', async () => {
    await begin();
    await visitor.submit('/email', { email: alice });
    const right = app.codeFor(alice);
    const wrong = right === '111111' ? '222222' : '111111';
    await visitor.submit('/code', { code: wrong });
    expect(visitor.page).toContain('4 attempts are left');
    for (let attempt = 0; attempt < 4; attempt += 1) await visitor.submit('/code', { code: wrong });
    expect(visitor.page).toContain('There were 5 wrong attempts');
    await visitor.submit('/code', { code: right });
    expect(visitor.page).toContain('No code is pending for this address');
  });

  it('spend no attempt where the page that says that a code was wrong is loaded anew', async () => {
    await begin();
    await visitor.submit('/email', { email: alice });
    const right = app.codeFor(alice);
    await visitor.submit('/code', { code: right === '111111' ? '222222' : '111111' });
    for (let reload = 0; reload < 6; reload += 1) {
      await visitor.open(visitor.path);
      expect(visitor.page).toContain('4 attempts are left');
      expect(visitor.path).not.toMatch(/\/code$/);
    }
    await visitor.submit('/code', { code: right });
    expect(visitor.page).toContain('Signed in as');
  });

  it('accept a code with spaces, and go on to the code that is under way when one is asked for again', async () => {
    await begin();
    await visitor.submit('/email', { email: alice });
    await visitor.submit('/restart');
    await visitor.submit('/email', { email: ' Alice@Example.com ' });
    expect(visitor.page).toContain('Type the code');
    const code = app.codeFor(alice);
    await visitor.submit('/code', { code: `${code.slice(0, 3)} ${code.slice(3)} ` });
    expect(visitor.page).toContain('Allow Latchkey command line?');
  });

  it('keep codes for terminals and codes for pages apart', async () => {
    await begin();
    await visitor.submit('/email', { email: alice });
    const code = app.codeFor(alice);
    const terminal = await app.call('/v1/auth/login/complete', { body: { email: alice, code } });
    expect(terminal.body.error).toMatchObject({
      code: 'OTP_PURPOSE_MISMATCH',
      message: 'The pending code was requested for a sign-in in the browser, not for this.',
    });
    app.clock.advance(minuteMs);
    await app.call('/v1/auth/login/request', { body: { email: alice } });
    await visitor.submit('/code', { code: app.codeFor(alice) });
    expect(visitor.page).toContain('was requested in a terminal, for something else');
  });

  it('mail a code that says where it belongs', async () => {
    await begin();
    await visitor.submit('/email', { email: alice });
    const [mail] = app.deps.localMailbox?.messagesFor(alice) ?? [];
    expect(mail?.text).toContain('Enter this code on the page in your browser that asks for it, to sign in.');
    expect(mail?.text).not.toMatch(/https?:/);
  });

  it.each([
    'email',
    'code',
    'restart',
    'consent',
    'cancel',
  ])('do nothing for a form of others: %s', async (step) => {
    await begin();
    const { path } = visitor;
    for (const token of ['', 'guessed']) {
      await visitor.post(`${path}/${step}`, { token, email: alice, decision: 'deny' });
      expect(visitor.status).toBe(400);
      expect(visitor.page).toContain('This sign-in is over');
    }
    await visitor.open(path);
    expect(visitor.page).toContain('Email address');
    expect(app.deps.localMailbox?.messagesFor(alice)).toHaveLength(1);
  });

  it('belong to the browser that began them', async () => {
    await begin();
    const other = flows.visitor();
    await other.open(visitor.path);
    expect(other.status).toBe(400);
    expect(other.page).toContain('This sign-in is over');
    const { path } = visitor;
    const token = /name="token" value="([^"]+)"/.exec(visitor.page)?.[1] ?? '';
    await other.post(`${path}/email`, { token, email: alice });
    expect(other.page).toContain('This sign-in is over');
  });

  it('do nothing by GET, whatever its path', async () => {
    await begin();
    const { path } = visitor;
    for (const step of ['email', 'code', 'consent', 'cancel', 'restart', 'vouched']) {
      const answer = await app.call(`${path}/${step}?decision=allow&email=${alice}`);
      expect(answer.status).toBe(404);
    }
    await visitor.open(path);
    await visitor.open(path);
    expect(visitor.page).toContain('Email address');
  });

  it('ask for consent only who has signed in', async () => {
    await begin();
    const token = /name="token" value="([^"]+)"/.exec(visitor.page)?.[1] ?? '';
    await visitor.post(`${visitor.path}/consent`, { token, decision: 'allow' });
    expect(visitor.page).toContain('Email address');
    expect(visitor.leftTo).toBeUndefined();
  });

  it.each([
    ['at the sign-in', async () => visitor.submit('/cancel')],
    [
      'at the consent',
      async () => {
        await flows.signIn(visitor, alice);
        await visitor.submit('/consent', { decision: 'deny' });
      },
    ],
  ])('tell the client when the person denies %s', async (_where, deny) => {
    await begin();
    await deny();
    expect(Object.fromEntries(new URL(visitor.leftTo ?? '').searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The person denied it.',
      state: 'state-of-the-test',
      iss: flows.issuer,
    });
  });

  it('ask everybody to sign in, also in a browser where somebody just did, or left half way', async () => {
    await begin();
    await flows.signIn(visitor, alice);
    await visitor.submit('/consent', { decision: 'allow' });
    expect(visitor.leftTo).toContain('code=');
    await begin();
    expect(visitor.page).toContain('Email address');
    app.clock.advance(minuteMs);
    await flows.signIn(visitor, alice);
    await app.signUp('bob@example.com', 'Beta');
    await begin();
    expect(visitor.page).toContain('Email address');
    app.clock.advance(minuteMs);
    await flows.signIn(visitor, 'bob@example.com');
    expect(visitor.page).toContain('bob@example.com');
    await visitor.submit('/consent', { decision: 'allow' });
    expect(visitor.leftTo).toContain('code=');
  });

  it('sign nobody else in who planted their cookies in the browser before', async () => {
    const attacker = flows.visitor();
    await attacker.open(flows.authorizeUrl(verifier));
    await attacker.submit('/email', { email: 'mallory@example.com' });
    await attacker.submit('/code', { code: app.codeFor('mallory@example.com') });
    expect(attacker.page).toContain('mallory@example.com');
    visitor.takeCookiesOf(attacker);
    await begin();
    await flows.signIn(visitor, alice);
    expect(visitor.page).toContain(alice);
    await attacker.open(visitor.path);
    expect(attacker.page).toContain('This sign-in is over');
    await attacker.open(flows.authorizeUrl(verifier));
    expect(attacker.page).toContain('Email address');
    await visitor.submit('/consent', { decision: 'allow' });
    const { searchParams } = new URL(visitor.leftTo ?? '');
    const { redirectUri } = flows;
    const code = searchParams.get('code') ?? '';
    const { body } = await flows.redeem({ code, verifier, redirectUri, state: null });
    expect(await app.deps.sessions.authenticate(body.access_token)).toMatchObject({ email: alice });
  });

  it('are begun 600 times an hour from one address, and then no more', async () => {
    const address = '10.7.7.7';
    await setCount(app.deps.store, signInRequests(address), 599, app.clock.now());
    const last = flows.visitor(address);
    await last.open(flows.authorizeUrl(verifier));
    expect(last.status).toBe(200);
    await last.open(flows.authorizeUrl(verifier));
    expect([last.status, last.headers['retry-after']]).toEqual([429, '3600']);
    expect(last.page).toContain('Too many sign-ins were begun');
  });

  it('mark cookies Secure, and link under https, where the public URL is https', async () => {
    await app.close();
    await start({
      LATCHKEY_PUBLIC_URL: 'https://keys.example.com',
      LATCHKEY_SMTP_URL: 'smtp://127.0.0.1:1',
    }).catch(() => undefined);
    const answer = await app.call(flows.authorizeUrl(verifier), { headers: { host: 'evil.example' } });
    const cookies = [answer.headers['set-cookie']].flat().map(String);
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).toMatch(/; samesite=lax; secure; httponly$/i);
    const metadata = await app.call('/.well-known/oauth-authorization-server', {
      headers: { host: 'evil.example' },
    });
    expect(JSON.stringify(metadata.body)).not.toContain('evil.example');
    expect(metadata.body.token_endpoint).toBe('https://keys.example.com/oauth/token');
  });

  it('work below a path that a proxy takes off', async () => {
    await app.close();
    await start({ LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:4700/keys' });
    const outside = new Visitor('http://127.0.0.1:4700', async (method, path, headers, body) => {
      expect(path).toMatch(/^\/keys\//);
      const answer = await app.call(path.slice('/keys'.length), { method, headers, body });
      return { ...answer, body: String(answer.body) };
    });
    await outside.open(`/keys${flows.authorizeUrl(verifier)}`);
    expect(outside.page).toContain('href="/keys/oauth/style.css"');
    await flows.signIn(outside, alice);
    await outside.submit('/consent', { decision: 'allow' });
    const answer = new URL(outside.leftTo ?? '').searchParams;
    expect(answer.get('iss')).toBe('http://127.0.0.1:4700/keys');
    expect(answer.get('code')).toMatch(/^[\w-]{43}$/);
    const { body } = await flows.startDevice();
    expect(body.verification_uri).toBe('http://127.0.0.1:4700/keys/device');
    await outside.open('/keys/device');
    await outside.submit('/device', { user_code: body.user_code });
    await outside.submit('/device', { confirm: 'yes' });
    expect(outside.page).toContain('Email address');
  });

  it('answer other bodies than forms with a page, not with a crash', async () => {
    const answer = await app.call('/oauth/interaction/x/email', { body: { email: alice } });
    expect(answer.status).toBe(415);
    expect(answer.body).toContain('<h1>Something went wrong</h1>');
  });

  it('serve one stylesheet with light and dark colours', async () => {
    const { status, headers, body } = await app.call('/oauth/style.css');
    expect([status, headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
    expect(body).toContain('prefers-color-scheme: dark');
    expect(body).not.toMatch(/url\(|@import/);
  });
});
