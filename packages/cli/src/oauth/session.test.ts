import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noServer, type RunOptions, type TestUser, testUser } from '../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../server-for-tests.ts';

const ann = 'ann@example.com';
const hourMs = 60 * 60_000;

let server: TestServer;
let user: TestUser;
beforeAll(async () => {
  server = await startServerForCommands();
  await server.signUp(ann);
});
afterAll(() => server.app.close());
beforeEach(async () => {
  user = testUser();
  server.app.clock.advance(hourMs);
  await server.login(user, ann);
  server.requests.length = 0;
});
afterEach(() => user.remove());

function session() {
  return user.saved().sessions?.[server.baseUrl];
}

function refreshes(): number {
  return server.requests.filter((each) => each === 'POST /oauth/token').length;
}

/** A server that cannot be asked for tokens, for the reason that `answer` gives. */
function withoutTokens(answer: () => Response): RunOptions {
  return {
    fetch: async (input, init) =>
      String(input).endsWith('/oauth/token') ? answer() : server.fetch(input, init),
  };
}

describe('a session', () => {
  it('is used as it is while its access token lasts', async () => {
    expect((await server.run(user, 'whoami')).code).toBe(0);
    expect(server.requests).toEqual(['GET /v1/auth/me']);
  });

  it('is renewed when the access token has ended, and both tokens are new', async () => {
    const before = session();
    server.app.clock.advance(hourMs);
    expect((await server.run(user, 'whoami')).code).toBe(0);
    expect(refreshes()).toBe(1);
    expect(session()?.accessToken).not.toBe(before?.accessToken);
    expect(session()?.refreshToken).not.toBe(before?.refreshToken);
    expect(session()?.profile).toBe('acme');
  });

  it('is renewed once by 64 commands that find the access token ended', async () => {
    server.app.clock.advance(hourMs);
    const runs = await Promise.all(Array.from({ length: 64 }, () => server.run(user, 'whoami')));
    expect(runs.map(({ code }) => code)).toEqual(Array(64).fill(0));
    expect(refreshes()).toBe(1);
  });

  it('is renewed when only the server finds that the access token has ended', async () => {
    const now = new Date(server.app.clock.now());
    server.app.clock.advance(hourMs);
    expect((await server.run(user, 'whoami', { now })).code).toBe(0);
    expect(refreshes()).toBe(1);
  });

  it('slides: it lasts while it is used within 30 days, and not longer', async () => {
    for (let month = 0; month < 3; month += 1) {
      server.app.clock.advance(29 * 24 * hourMs);
      expect((await server.run(user, 'whoami')).code).toBe(0);
    }
    server.app.clock.advance(31 * 24 * hourMs);
    expect((await server.run(user, 'key list')).stderr).toBe('Run latchkey login first.\n');
  });

  it.each([
    ['a network that fails', () => Promise.reject(new TypeError('fetch failed')) as never],
    ['a time-out', () => Promise.reject(new DOMException('late', 'TimeoutError')) as never],
    ['an error of the server', () => new Response('oops', { status: 500 })],
    ['a proxy that answers', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['another refusal', () => Response.json({ error: 'invalid_client' }, { status: 401 })],
  ])('outlives %s', async (_what, answer) => {
    const before = user.saved();
    server.app.clock.advance(hourMs);
    const run = await server.run(user, 'key list', withoutTokens(answer));
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).not.toContain('Run latchkey login first.');
    expect(user.saved()).toEqual(before);
    expect((await server.run(user, 'key list')).code).toBe(0);
  });

  it('is forgotten when the server says that it is over; the contexts stay for the next log-in', async () => {
    await server.run(user, 'use --env prod');
    await server.flows.revoke(session()?.refreshToken ?? '');
    const run = await server.run(user, 'key list');
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: 'Run latchkey login first.\n' });
    expect(user.saved()).toMatchObject({
      activeProfile: 'acme',
      profiles: { acme: { environment: 'prod' } },
    });
    expect(session()).toBeUndefined();
    expect((await server.run(user, 'status')).stderr).toContain(
      'The session has ended. Run `latchkey login`.',
    );
    server.app.clock.advance(hourMs);
    await server.login(user, ann);
    expect((await server.run(user, 'whoami --json')).json()).toMatchObject({ environment: 'prod' });
  });

  it('ends when somebody else uses its refresh token too', async () => {
    const stolen = session()?.refreshToken ?? '';
    server.app.clock.advance(hourMs);
    await server.run(user, 'whoami');
    expect(await server.flows.refresh(stolen)).toMatchObject({ body: { error: 'invalid_grant' } });
    const run = await server.run(user, 'whoami');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Run latchkey login first.');
  });

  it('is never sent to another server', async () => {
    for (const args of ['whoami', 'key list', 'organization list-keys --organization-id x']) {
      const run = await user.run(`${args} --profile acme --base-url http://127.0.0.1:4999`);
      expect(run).toMatchObject({ code: 1, sent: [] });
      expect(run.stderr).toContain(`You are signed in at ${server.baseUrl}, and that session is not sent to`);
    }
  });

  it('takes the place of the one before, which ends', async () => {
    const before = session()?.refreshToken ?? '';
    server.app.clock.advance(hourMs);
    await server.login(user, ann);
    expect(await server.flows.refresh(before)).toMatchObject({ body: { error: 'invalid_grant' } });
    expect((await server.run(user, 'whoami')).code).toBe(0);
  });

  it('may do with organization keys what its person may', async () => {
    const { organizationId } = (await server.run(user, 'whoami --json')).json() as { organizationId: string };
    const run = await server.run(user, `organization list-keys --organization-id ${organizationId}`);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('CLI default key');
  });
});

describe('logout', () => {
  it('ends the session at the server and forgets it here', async () => {
    const refreshToken = session()?.refreshToken ?? '';
    const run = await server.run(user, 'logout');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(`\n✓ Logged out of ${server.baseUrl}\n\n  No profile is left\n\n`);
    expect(user.saved()).toEqual({ activeProfile: null, profiles: {} });
    expect(await server.flows.refresh(refreshToken)).toMatchObject({ body: { error: 'invalid_grant' } });
  });

  it('forgets it also when the server cannot be told, and says what is left', async () => {
    const run = await user.run('logout', { replies: [noServer] });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(
      `⚠ Could not reach ${server.baseUrl}. The session may live on at the server`,
    );
    expect(user.saved()).toEqual({ activeProfile: null, profiles: {} });
  });

  it('leaves keys alone', async () => {
    const key = `cko_EXAMPLE${'x'.repeat(42)}`;
    await user.run(`login --api-key ${key} --skip-verify --name ci`);
    await server.run(user, 'logout acme');
    expect(Object.keys(user.saved().profiles)).toEqual(['ci']);
    expect(user.saved()).not.toHaveProperty('sessions');
  });

  it('has nothing to do where nobody is logged in', async () => {
    await server.run(user, 'logout');
    expect(await server.run(user, 'logout')).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('whoami', () => {
  it('tells user, organization, role, environment, workspace and the age of the session', async () => {
    await server.run(user, 'workspace create --name Payments --slug payments');
    await server.run(user, 'use --workspace payments');
    server.app.clock.advance(50 * hourMs);
    const run = await server.run(user, 'whoami');
    expect(run.stdout).toMatch(
      /^\nLogged in to Latchkey \(session\)\n\n {2}User: {9}ann@example.com\n {2}Organization: Acme \(\w{20}\)\n {2}Role: {9}owner\n {2}Environment: {2}dev\n {2}Workspace: {4}payments\n {2}Session: {6}2 days old, ends on [\d/]+ unless it is used\n {2}Profile: {6}acme\n\n$/,
    );
    const other = await server.run(user, 'whoami --env prod --json');
    expect(other.json()).toMatchObject({
      loggedIn: true,
      type: 'session',
      role: 'owner',
      environment: 'prod',
    });
    expect(other.json()).not.toHaveProperty('workspace');
    await server.run(user, 'workspace delete payments --yes');
  });

  it('says what the context remembers when the server cannot be asked', async () => {
    const run = await user.run('whoami', {
      replies: [noServer],
      now: new Date(server.app.clock.now()),
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('The session could not be verified');
    expect(run.stdout).toContain('Organization: Acme');
  });
});
