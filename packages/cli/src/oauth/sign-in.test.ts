import { statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, type TestUser, testUser } from '../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../server-for-tests.ts';

const ann = 'ann@example.com';
const mismatch = 'Authentication response mismatch. Possible CSRF — aborting.';

let server: TestServer;
let user: TestUser;
beforeAll(async () => {
  server = await startServerForCommands();
  await server.signUp(ann);
});
afterAll(() => server.app.close());
beforeEach(() => {
  user = testUser();
  server.requests.length = 0;
  // Codes that were mailed for other tests are out of every count.
  server.app.clock.advance(60 * 60_000);
});
afterEach(() => user.remove());

function login(options: RunOptions, ...args: string[]): Promise<Run> {
  return server.run(user, ['login', '--browser', ...args], options);
}

function redirectUriOf(url: string): URL {
  return new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
}

function stateOf(url: string): string {
  return new URL(url).searchParams.get('state') ?? '';
}

/** Comes back to the listener with these parameters; what it answered, or that it did not. */
async function comeBack(url: string, parameters: Record<string, string>, path?: string) {
  const back = redirectUriOf(url);
  if (path !== undefined) back.pathname = path;
  back.search = new URLSearchParams(parameters).toString();
  return await fetch(back).then(
    async (answer) => ({ status: answer.status, text: await answer.text() }),
    () => 'refused' as const,
  );
}

/** A session that is there before a log-in that fails, and must be there after it. */
async function signedInBefore(): Promise<string> {
  await server.login(user, ann);
  server.requests.length = 0;
  return JSON.stringify(user.saved());
}

describe('login with the browser', () => {
  it('signs in, and keeps the tokens where only this account can read them', async () => {
    const run = await server.login(user, ann);
    expect(run.stdout).toBe(`✓ Logged in as ${ann} (acme)\n`);
    expect(run.code).toBe(0);
    const { activeProfile, profiles, sessions } = user.saved();
    expect(activeProfile).toBe('acme');
    expect(profiles.acme).toMatchObject({ type: 'session', email: ann, role: 'owner', environment: 'dev' });
    const session = sessions?.[server.baseUrl];
    expect(session?.refreshToken).toMatch(/^[\w-]{40,}$/);
    expect(statSync(user.configFile).mode & 0o777).toBe(0o600);
    for (const secret of [session?.accessToken, session?.refreshToken]) {
      expect(run.stdout + run.stderr).not.toContain(secret);
    }
  });

  it('asks with PKCE, for the API alone, to come back to 127.0.0.1', async () => {
    const urls: string[] = [];
    const seen = async (url: string) => {
      urls.push(url);
      await comeBack(url, { state: 'wrong' });
    };
    await login({ browser: seen });
    await login({ browser: seen });
    const [first, second] = urls.map((url) => new URL(url).searchParams);
    expect(Object.fromEntries(first ?? [])).toMatchObject({
      client_id: 'latchkey-cli',
      response_type: 'code',
      scope: 'latchkey',
      code_challenge_method: 'S256',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    });
    expect(first?.get('state')).toMatch(/^[\w-]{43}$/);
    for (const name of ['state', 'code_challenge']) expect(first?.get(name)).not.toBe(second?.get(name));
  });

  it('says where to go when the browser does not open', async () => {
    const run = await login({ meanwhile: () => undefined });
    expect(run.stderr).toContain(`If it does not open, go to:\n  ${server.baseUrl}/oauth/authorize?`);
  });

  it('prints JSON', async () => {
    const run = await server.login(user, ann, '--json');
    expect(run.json()).toMatchObject({
      success: true,
      data: { profileName: 'acme', email: ann, organizationName: 'Acme', role: 'owner', environment: 'dev' },
    });
  });
});

describe('a log-in that does not come to its end', () => {
  it('times out after five minutes, and nobody can come back any more', async () => {
    const before = await signedInBefore();
    let url = '';
    const browser = async (opened: string) => {
      url = opened;
    };
    const run = await login({ browser, meanwhile: () => undefined });
    expect(run).toMatchObject({ code: 1, stdout: '', waitsMs: [300_000] });
    expect(run.stderr).toContain('Authentication timed out, try again\n');
    expect(await comeBack(url, { state: stateOf(url), code: 'late' })).toBe('refused');
    expect(JSON.stringify(user.saved())).toBe(before);
  });

  it('says when the person says no', async () => {
    const before = await signedInBefore();
    const run = await login({ browser: async (url) => fetch(await server.decide(url, ann, 'deny')) });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/\nAccess denied\.\n {2}Nothing was changed\. .*latchkey login\n$/);
    expect(JSON.stringify(user.saved())).toBe(before);
  });

  it.each([
    ['another state', { state: 'forged', code: 'x' }, '/callback'],
    ['no state', { code: 'x' }, '/callback'],
    ['a denial that is forged', { state: 'forged', error: 'access_denied' }, '/callback'],
    ['a denial without state', { error: 'access_denied' }, '/callback'],
    ['any other path', {}, '/favicon.ico'],
  ])('is called off by %s; no code is exchanged', async (_what, parameters, path) => {
    const before = await signedInBefore();
    let answer: unknown;
    const browser = async (url: string) => {
      answer = await comeBack(url, parameters, path);
    };
    const run = await login({ browser });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(new RegExp(`\n${mismatch}\n$`));
    await expect.poll(() => answer).toMatchObject({ status: 400 });
    expect(server.requests).toEqual(['GET /.well-known/openid-configuration']);
    expect(JSON.stringify(user.saved())).toBe(before);
  });

  it('takes the right state at its first request only', async () => {
    const answers: unknown[] = [];
    const run = await login({
      browser: async (url) => {
        answers.push(await comeBack(url, { state: 'forged' }));
        answers.push(await comeBack(url, { state: stateOf(url), code: 'x' }));
      },
    });
    expect(run.stderr).toContain(mismatch);
    await expect.poll(() => answers).toEqual([expect.objectContaining({ status: 400 }), 'refused']);
  });

  it('answers one of 16 requests that come at once', async () => {
    let answers: unknown[] = [];
    const run = await login({
      browser: async (url) => {
        answers = await Promise.all(Array.from({ length: 16 }, () => comeBack(url, { state: 'forged' })));
      },
    });
    expect(run.stderr).toContain(mismatch);
    await expect.poll(() => answers.length).toBe(16);
    expect(answers.filter((answer) => answer !== 'refused')).toHaveLength(1);
  });

  it('says that the server refused the code, and shows neither code nor state', async () => {
    const before = await signedInBefore();
    let state = '';
    const run = await login({
      browser: async (url) => {
        state = stateOf(url);
        const back = new URL(await server.decide(url, ann, 'allow'));
        back.searchParams.set('code', 'code-of-somebody-else');
        await fetch(back);
      },
    });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/\nThe server refused: invalid_grant\.\n$/);
    expect(run.stderr).not.toContain('code-of-somebody-else');
    expect(run.stderr.split(state)).toHaveLength(2);
    expect(JSON.stringify(user.saved())).toBe(before);
  });

  it('refuses an answer of another issuer', async () => {
    const run = await login({
      browser: async (url) => {
        const back = new URL(await server.decide(url, ann, 'allow'));
        back.searchParams.set('iss', 'https://evil.example.com');
        await fetch(back);
      },
    });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(server.requests).not.toContain('POST /oauth/token');
  });

  it('keeps what was there when the server is gone during the exchange', async () => {
    const before = await signedInBefore();
    const run = await login({
      browser: async (url) => fetch(await server.decide(url, ann, 'allow')),
      fetch: async (input, init) => {
        if (String(input).endsWith('/oauth/token')) throw new TypeError('fetch failed');
        return server.fetch(input, init);
      },
    });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(`Could not reach ${server.baseUrl}.`);
    expect(JSON.stringify(user.saved())).toBe(before);
  });

  it('keeps the new tokens when the server does not say whose they are', async () => {
    const run = await login({
      browser: async (url) => fetch(await server.decide(url, ann, 'allow')),
      fetch: async (input, init) => {
        if (String(input).endsWith('/v1/auth/me')) throw new TypeError('fetch failed');
        return server.fetch(input, init);
      },
    });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('⚠ You are signed in, but the server did not say as whom.');
    const whoami = await server.run(user, 'whoami --json');
    expect(whoami.code).toBe(1);
    expect((await server.run(user, 'use --organization Acme')).code).toBe(0);
    expect((await server.run(user, 'whoami --json')).json()).toMatchObject({ email: ann });
  });

  it.each([
    ['http://keys.example.com', 'is not encrypted'],
    ['http://localhost:4700', 'calls itself http://127.0.0.1:4700'],
  ])('is not begun at %s, which %s', async (baseUrl, why) => {
    const run = await login({ browser: () => Promise.reject() }, '--base-url', baseUrl);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(why);
  });
});

describe('login with a code', () => {
  const device = ['login', '--device'];
  const userCode = (run: { stderr: string }) => /enter the code: {2}(\S+)/.exec(run.stderr)?.[1];

  /** What the person does once the command has waited so often. */
  function meanwhile(times: number, decide: () => Promise<unknown>) {
    return async (ms: number, waited: number) => {
      server.app.clock.advance(ms);
      if (waited === times) await decide();
    };
  }

  /** The code as the person would read it from the screen. */
  let shownCode = '';
  const reading: typeof fetch = async (input, init) => {
    const answer = await server.fetch(input, init);
    if (String(input).endsWith('/oauth/device')) {
      shownCode = ((await answer.clone().json()) as { user_code: string }).user_code;
    }
    return answer;
  };

  it('signs in once the person has allowed it elsewhere, asking as often as the server says', async () => {
    const run = await server.run(user, device, {
      fetch: reading,
      meanwhile: meanwhile(3, () => server.flows.allowDevice(shownCode, ann)),
    });
    expect(run.stderr).toContain(`In any browser, open ${server.baseUrl}/device\nand enter the code:  `);
    expect(userCode(run)).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(run).toMatchObject({ code: 0, stdout: `✓ Logged in as ${ann} (acme)\n` });
    expect(run.waitsMs).toEqual([5000, 5000, 5000]);
  });

  it('slows down when the server says so', async () => {
    let isHasty = true;
    const run = await server.run(user, device, {
      fetch: reading,
      meanwhile: async (ms, waited) => {
        // The server's clock stands still at first, so that the second request comes too early.
        if (!isHasty || waited === 1) server.app.clock.advance(ms);
        if (waited === 2) isHasty = false;
        if (waited === 4) await server.flows.allowDevice(shownCode, ann);
      },
    });
    expect(run.waitsMs).toEqual([5000, 5000, 10_000, 10_000]);
    expect(run.code).toBe(0);
  });

  it('asks less often while nothing answers, and goes on', async () => {
    let failures = 0;
    const run = await server.run(user, device, {
      fetch: async (input, init) => {
        const isPoll = String(input).endsWith('/oauth/token');
        if (isPoll && failures++ < 2) throw new TypeError('fetch failed');
        return reading(input, init);
      },
      meanwhile: meanwhile(3, () => server.flows.allowDevice(shownCode, ann)),
    });
    expect(run.waitsMs).toEqual([5000, 10_000, 20_000]);
    expect(run.code).toBe(0);
  });

  it('ends when the person says no', async () => {
    const deny = async () => {
      const visitor = server.flows.visitor();
      await visitor.open('/device');
      await visitor.submit('/device', { user_code: shownCode });
      await visitor.submit('/device', { confirm: 'yes' });
      await server.flows.signIn(visitor, ann);
      await visitor.submit('/consent', { decision: 'deny' });
    };
    const run = await server.run(user, device, { fetch: reading, meanwhile: meanwhile(1, deny) });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/\nAccess denied\.\n {2}Nothing was changed\. .*latchkey login\n$/);
  });

  it('ends when nobody decides in time', async () => {
    const run = await server.run(user, device, { meanwhile: (ms) => server.app.clock.advance(ms) });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/\nAuthentication timed out, try again\n$/);
    expect(run.waitsMs.reduce((sum, ms) => sum + ms, 0)).toBe(600_000);
  });

  it.each([
    [{ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22', BROWSER: 'firefox' }, 'this shell runs over SSH'],
    [{ CI: 'true', BROWSER: 'firefox' }, 'this runs in CI'],
    [{ container: 'podman', DISPLAY: ':0' }, 'this runs in a container'],
  ])('is chosen by itself with %j, and why is said in one line', async (env, why) => {
    const run = await server.run(user, 'login', { env, meanwhile: (ms) => server.app.clock.advance(ms) });
    const [line] = run.stderr.split('\n');
    expect(line).toBe(`Signing in with a code, as ${why} (--browser uses the browser here).`);
  });
});
