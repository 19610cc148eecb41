import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audience, type Gate, openGate } from './gate.ts';
import type { KeyName } from './key-ring.ts';
import type { ProxyName, RunningProxy } from './proxy.ts';
import { type RawAnswer, requestText, sendRaw } from './raw-http.ts';

interface Row {
  readonly key: KeyName | 'none';
  readonly path?: string;
  readonly status: number;
  readonly code: string;
}

const refusals: readonly Row[] = [
  { key: 'none', status: 401, code: 'UNAUTHORIZED' },
  { key: 'malformed', status: 401, code: 'MALFORMED' },
  { key: 'unknown', status: 401, code: 'NOT_FOUND' },
  { key: 'foreign', status: 401, code: 'NOT_FOUND' },
  { key: 'revoked', status: 401, code: 'REVOKED' },
  { key: 'expired', status: 401, code: 'EXPIRED' },
  { key: 'disabled', status: 401, code: 'DISABLED' },
  { key: 'withoutScope', status: 403, code: 'SCOPE_MISSING' },
  { key: 'verifier', status: 403, code: 'SCOPE_MISSING' },
  { key: 'dev', status: 403, code: 'ENVIRONMENT_MISMATCH' },
  { key: 'prodOther', status: 403, code: 'WORKSPACE_MISMATCH' },
  { key: 'forReports', path: '/admin', status: 403, code: 'RESOURCE_MISMATCH' },
  { key: 'fromElsewhere', status: 403, code: 'IP_NOT_ALLOWED' },
];

const admissions: readonly (readonly [KeyName, string])[] = [
  ['good', '/'],
  ['forReports', '/reports/1?page=2'],
  ['fromHere', '/'],
  ['prodPayments', '/'],
];

const challenges: Readonly<Record<string, string | undefined>> = {
  UNAUTHORIZED: 'Bearer realm="latchkey"',
  SCOPE_MISSING: 'Bearer realm="latchkey", error="insufficient_scope", scope="projects:read"',
};

/** The code of a refusal, which nginx cannot take from the answer of Latchkey and says itself. */
function codeOf({ body }: RawAnswer): string {
  const { error } = JSON.parse(body) as { error: string | { code: string } };
  return typeof error === 'string' ? error : error.code;
}

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
});
afterAll(() => gate.close());

describe.each<ProxyName>(['nginx', 'caddy'])('behind %s', (name) => {
  let proxy: RunningProxy;
  beforeAll(async () => {
    proxy = await gate.proxy(name);
  });
  beforeEach(() => {
    gate.application.arrivals.length = 0;
  });

  async function get(path: string, headers: readonly (readonly [string, string])[]): Promise<RawAnswer> {
    return await sendRaw(
      proxy.port,
      requestText(`GET ${path} HTTP/1.1`, [...headers, ['Connection', 'close']]),
    );
  }

  const bearer = (key: KeyName) => ['Authorization', `Bearer ${gate.keys[key].secret}`] as const;

  describe('a visitor is let in', () => {
    it.each(admissions)('with the key %s at %s, as whom that key is', async (key, path) => {
      const answer = await get(path, [bearer(key)]);
      expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(/\S/) });
      const [arrival] = gate.application.arrivals;
      expect(arrival).toMatchObject({
        target: path,
        identity: { key_id: gate.keys[key].keyId, aud: audience },
      });
    });

    it.each([
      'Authorization',
      'X-API-Key',
      'X-Process-Manager-Key',
    ])('with the key in %s, which the application never sees', async (header) => {
      const { secret } = gate.keys.good;
      const value = header === 'Authorization' ? `Bearer ${secret}` : secret;
      expect((await get('/', [[header, value]])).status).toBe(200);
      expect(JSON.stringify(gate.application.arrivals)).not.toContain(secret);
      expect(JSON.stringify(gate.application.arrivals)).not.toContain(gate.keys.verifier.secret);
    });

    it('and gets what the application answers, its refusals too', async () => {
      expect(await get('/forbidden', [bearer('good')])).toMatchObject({
        status: 403,
        body: 'good',
      });
    });
  });

  describe('a visitor is refused', () => {
    it.each(refusals)('with the key $key: $status $code', async ({ key, path = '/', status, code }) => {
      const answer = await get(path, key === 'none' ? [] : [bearer(key)]);
      expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status, code });
      const challenge = status === 401 ? 'Bearer realm="latchkey", error="invalid_token"' : undefined;
      expect(answer.headers['www-authenticate']).toBe(challenges[code] ?? challenge);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(gate.application.arrivals).toEqual([]);
    });

    it('with two keys that differ: 400, whichever of them is good', async () => {
      const answer = await get('/', [bearer('good'), ['X-API-Key', gate.keys.forReports.secret]]);
      expect({ status: answer.status, code: codeOf(answer) }).toEqual({
        status: 400,
        code: 'CREDENTIALS_CONFLICT',
      });
      expect(gate.application.arrivals).toEqual([]);
    });

    it.each([
      '?api_key=',
      '?q=1&token=',
      '/',
    ])('with a key in the URL behind %s, and told so', async (before) => {
      const { secret } = gate.keys.good;
      for (const written of [secret, secret.replace('_', '%5F')]) {
        const answer = await get(`/${before}${written}`, [bearer('good')]);
        expect({ status: answer.status, code: codeOf(answer) }).toEqual({
          status: 401,
          code: 'KEY_IN_URL_REFUSED',
        });
      }
      expect(gate.application.arrivals).toEqual([]);
      expect(gate.world.server.logs()).not.toContain(secret);
    });
  });

  describe('a visitor who has come too often', () => {
    it('gets 429, and when to come again', async () => {
      const { secret } = await gate.mint('limited', { limits: [{ requests: 2, windowSeconds: 3_600 }] });
      const answers: RawAnswer[] = [];
      for (let i = 0; i < 4; i += 1) answers.push(await get('/', [['X-API-Key', secret]]));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
      const last = answers.at(-1) as RawAnswer;
      expect(codeOf(last)).toBe('RATE_LIMITED');
      expect(last.headers).toMatchObject({
        'retry-after': expect.stringMatching(/^\d{1,4}$/),
        'ratelimit-policy': expect.stringContaining(';q=2;w=3600'),
        ratelimit: expect.stringMatching(/;r=0;t=\d+/),
      });
    });

    it('gets 429 without one where waiting does not help', async () => {
      const { secret } = await gate.mint('budgeted', { budget: { total: 1 } });
      expect((await get('/', [['X-API-Key', secret]])).status).toBe(200);
      const answer = await get('/', [['X-API-Key', secret]]);
      expect({ status: answer.status, code: codeOf(answer) }).toEqual({
        status: 429,
        code: 'USAGE_EXCEEDED',
      });
      expect(answer.headers['retry-after']).toBeUndefined();
    });
  });

  it('a key is good for nothing from the next request on after its revocation was answered', async () => {
    const { secret, keyId } = await gate.mint('short');
    for (let i = 0; i < 3; i += 1) expect((await get('/', [['X-API-Key', secret]])).status).toBe(200);
    await gate.world.revoke(gate.owner, keyId);
    expect(codeOf(await get('/', [['X-API-Key', secret]]))).toBe('REVOKED');
  });

  it('writes no key and no identity into the log of Latchkey', () => {
    expect(gate.world.server.logs()).not.toMatch(/cko_[0-9A-Za-z]{20}|eyJ/);
  });
});
