import { type ServerProcess, startServer } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameworks, type Guarded } from './frameworks.ts';
import { type PresentedKeys, presentKeys, type Refused, refusals } from './presented-keys.ts';

let server: ServerProcess;
let keys: PresentedKeys;

beforeAll(async () => {
  server = await startServer();
  keys = await presentKeys(server);
});
afterAll(() => server.stop());

/** What `WWW-Authenticate` says besides the realm, by status. */
const challenges: Readonly<Record<number, string>> = {
  401: 'error="invalid_token"',
  403: 'error="insufficient_scope"',
};

describe.each(Object.entries(frameworks))('in %s', (_name, start) => {
  let guarded: Guarded;

  beforeAll(async () => {
    guarded = await start({ baseUrl: server.baseUrl, apiKey: keys.verifying });
    // Next is built first.
  }, 240_000);
  afterAll(() => guarded.close());

  async function get(headers: Record<string, string>, { baseUrl } = guarded) {
    const response = await fetch(`${baseUrl}/orders/7`, { headers });
    const text = await response.text();
    for (const key of [...Object.values(keys.refused), keys.good]) expect(text).not.toContain(key);
    return { status: response.status, headers: response.headers, body: JSON.parse(text) };
  }
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

  it.each([
    ['Authorization: Bearer', (key: string) => bearer(key)],
    ['X-API-Key', (key: string) => ({ 'x-api-key': key })],
    ['X-Process-Manager-Key', (key: string) => ({ 'x-process-manager-key': key })],
  ])('a good key in %s comes in as whoever it is', async (_place, present) => {
    for (const _ of ['asked', 'remembered']) {
      const { status, headers, body } = await get(present(keys.good));
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        keyId: expect.any(String),
        organization: 'Acme',
        type: 'organization',
        scopes: ['workflows:trigger'],
      });
    }
  });

  it.each(Object.entries(refusals) as [Refused, number][])('%s is answered %i', async (code, status) => {
    const key = keys.refused[code];
    // The one use that a counted key has.
    await get(bearer(key));
    for (const _ of ['asked', 'remembered']) {
      const answer = await get(bearer(key));
      expect([answer.status, answer.body]).toEqual([
        status,
        { success: false, error: { code, message: expect.any(String) } },
      ]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const challenge = answer.headers.get('www-authenticate');
      if (status === 429) expect(challenge).toBeNull();
      else expect(challenge).toMatch(new RegExp(`^Bearer realm="orders", ${challenges[status]}`));
      expect(/scope="workflows:trigger"/.test(challenge ?? '')).toBe(code === 'SCOPE_MISSING');
      expect(answer.headers.has('retry-after')).toBe(code === 'RATE_LIMITED');
    }
  });

  it('a request without a key is told how to bring one, and not what is wrong with it', async () => {
    for (const headers of [{}, { authorization: 'Basic dXNlcjpwYXNz' }]) {
      const answer = await get(headers);
      expect([answer.status, answer.body.error.code]).toEqual([401, 'UNAUTHORIZED']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="orders"');
    }
  });

  it('two keys that differ are refused, and one that came twice is not', async () => {
    const differing = await get({ ...bearer(keys.good), 'x-api-key': keys.limited });
    expect([differing.status, differing.body.error.code]).toEqual([400, 'CREDENTIALS_CONFLICT']);
    expect((await get({ ...bearer(keys.good), 'x-api-key': keys.good })).status).toBe(200);
  });

  it('whoever is limited is told how much is left', async () => {
    const { status, headers } = await get(bearer(keys.limited));
    expect([status, headers.get('ratelimit-policy')]).toEqual([200, '"key";q=1000;w=3600']);
    expect(headers.get('ratelimit')).toMatch(/^"key";r=99\d;t=3\d{3}$/);
    const refused = await get(bearer(keys.refused.RATE_LIMITED));
    expect(refused.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('a caller that accepts problem details gets them', async () => {
    const { headers, body } = await get({ accept: 'application/problem+json', ...bearer('cko_x') });
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(body).toEqual({ type: 'about:blank', title: expect.any(String), status: 401, code: 'MALFORMED' });
  });

  it('nobody is let in where nobody can be asked', async () => {
    const alone = await start({ baseUrl: 'http://127.0.0.1:1', apiKey: keys.verifying });
    const answer = await get(bearer(keys.good), alone);
    expect([answer.status, answer.body.error.code]).toEqual([503, 'UNAVAILABLE']);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(alone.told()).toContain('cannot verify: TransportError');
    for (const key of [keys.good, keys.verifying]) expect(alone.told()).not.toContain(key);
    await alone.close();
  });
});
