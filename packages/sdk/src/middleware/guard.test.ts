import { describe, expect, it } from 'vitest';
import { LatchkeyApiError } from '../api-error.ts';
import { TransportError } from '../transport-error.ts';
import type { Asked } from '../verifier/known-key.ts';
import { verdictOnNothing } from '../verifier/verdict.ts';
import { createGuard } from './guard.ts';
import type { GuardOptions } from './options.ts';
import { type HeaderOf, presentedKey } from './presented-key.ts';

function headers(given: Record<string, string>): HeaderOf {
  return (name) => given[name];
}

describe('the presented key', () => {
  it.each([
    ['a bearer token', { authorization: 'Bearer k1' }, { kind: 'key', key: 'k1' }],
    ['a scheme in capitals', { authorization: 'BEARER  k1 ' }, { kind: 'key', key: 'k1' }],
    ['a header of its own', { 'x-api-key': 'k1' }, { kind: 'key', key: 'k1' }],
    ['another scheme', { authorization: 'Basic k1' }, { kind: 'none' }],
    ['a scheme alone', { authorization: 'Bearer' }, { kind: 'none' }],
    ['an empty header', { 'x-api-key': '' }, { kind: 'none' }],
    ['nothing', {}, { kind: 'none' }],
    ['the same twice', { authorization: 'Bearer k1', 'x-api-key': 'k1' }, { kind: 'key', key: 'k1' }],
    ['two that differ', { 'x-api-key': 'k1', 'x-process-manager-key': 'k2' }, { kind: 'conflict' }],
  ])('is read from %s', (_what, given, expected) => {
    expect(presentedKey(headers(given as Record<string, string>))).toEqual(expected);
  });

  it('is looked for only where it may be', () => {
    const both = headers({ authorization: 'Bearer of-somebody-else', 'x-api-key': 'k1' });
    expect(presentedKey(both, ['x-api-key'])).toEqual({ kind: 'key', key: 'k1' });
  });
});

describe('a guard', () => {
  const key = headers({ 'x-api-key': 'k1' });

  function guardOf(verify: () => Promise<never>, options: Partial<GuardOptions<string>> = {}) {
    return createGuard<string>({ verifier: { verify }, ...options });
  }

  it('asks for what its options say of all requests and tell from each', async () => {
    const asked: (Asked | undefined)[] = [];
    const guard = createGuard<string>({
      verifier: {
        verify: async (_key, question) => {
          asked.push(question);
          return verdictOnNothing('NOT_FOUND');
        },
      },
      scopes: ['a'],
      anyScope: ['b'],
      environment: 'dev',
      workspace: () => undefined,
      resource: (path) => `orders${path}`,
      cost: (path) => path.length,
      ip: () => '192.0.2.1',
    });
    await guard('/7', key);
    expect(asked).toEqual([
      {
        allScopes: ['a'],
        anyScope: ['b'],
        environment: 'dev',
        workspace: undefined,
        resource: 'orders/7',
        cost: 2,
        ip: '192.0.2.1',
      },
    ]);
  });

  const refusal = {
    success: false,
    error: { code: 'KEY_REVOKED', message: 'no' },
    requestId: 'r',
    status: 401,
  } as const;
  it.each([
    ['does not answer', new TransportError('timeout', 'late', 'wait')],
    ['refuses to say', new LatchkeyApiError(refusal)],
  ])('lets nobody in where the server %s, and says why to the operator alone', async (_what, error) => {
    const told: Error[] = [];
    const guard = guardOf(() => Promise.reject(error), { onError: (each) => told.push(each) });
    const admission = await guard('/', key);
    expect(admission).toMatchObject({ isIn: false, answer: { status: 503 } });
    expect(told).toEqual([error]);
  });

  it('passes on what is wrong with the program', async () => {
    await expect(guardOf(() => Promise.reject(new TypeError('bug')))('/', key)).rejects.toThrow('bug');
  });

  it('writes nothing into a header that could end it', async () => {
    const guard = guardOf(() => Promise.reject(new Error()), { realm: 'a"b\\c\r\nX: 1' });
    const admission = await guard('/', headers({}));
    const answer = admission.isIn ? undefined : admission.answer;
    expect(answer?.headers['www-authenticate']).toBe('Bearer realm="abcX: 1"');
  });
});
