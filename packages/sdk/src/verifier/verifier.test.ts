import { randomBytes } from 'node:crypto';
import { generateKey } from '@latchkey/keys';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TransportError } from '../transport-error.ts';
import { systemClock } from './clock.ts';
import {
  createTestClock,
  facts,
  type ScriptedKey,
  type ScriptedLatchkey,
  startScriptedLatchkey,
} from './scripted-latchkey-for-tests.ts';
import { createVerifier, type MemoryOptions, type Verifier } from './verifier.ts';

const clock = createTestClock();
const verifiers: Verifier[] = [];
let latchkey: ScriptedLatchkey;

beforeEach(async () => {
  Object.assign(clock, createTestClock());
  latchkey = await startScriptedLatchkey(clock);
});

afterEach(async () => {
  await Promise.all(verifiers.splice(0).map((verifier) => verifier.close()));
  await latchkey.close();
});

function newKey(scripted: Partial<ScriptedKey> = {}): string {
  const key = generateKey('organization', (size) => randomBytes(size));
  latchkey.keys.set(key, { facts, ...scripted });
  return key;
}

function newVerifier(options: MemoryOptions = {}): Verifier {
  const { baseUrl } = latchkey;
  const verifier = createVerifier({ baseUrl, apiKey: 'cko_EXAMPLE', maxRetries: 0, clock, ...options });
  verifiers.push(verifier);
  return verifier;
}

/** A verifier with a lease, which waits for the next change. */
async function leasedVerifier(options: MemoryOptions = {}): Promise<Verifier> {
  const verifier = newVerifier(options);
  const key = newKey({ facts: { ...facts, keyId: 'k0' } });
  while ((await verifier.verify(key)).source !== 'memory');
  await waits();
  latchkey.asked.length = 0;
  return verifier;
}

/** Resolves when the last renewal waits for a change, having applied all there were. */
async function waits(applied = 1): Promise<void> {
  await vi.waitFor(() => {
    expect(latchkey.renewals.at(-1)).toMatchObject({ applied, waitMs: 1_000 });
  });
}

describe('a verifier', () => {
  it('answers from memory as soon as it holds a lease, and says which it does', async () => {
    const verifier = newVerifier({ id: 'orders' });
    const key = newKey();
    expect(await verifier.verify(key)).toMatchObject({ valid: true, source: 'server' });
    while ((await verifier.verify(key)).source !== 'memory');
    const countOfAsked = latchkey.asked.length;
    expect(await verifier.verify(key, { allScopes: ['workflows:trigger'] })).toEqual({
      valid: true,
      code: 'VALID',
      message: 'The key is valid.',
      keyId: 'k1',
      keyName: 'CI',
      organization: { id: 'o1', name: 'Acme' },
      principal: { type: 'organization', userId: null, processInstanceId: null },
      scopes: ['workflows:trigger'],
      environment: null,
      workspace: null,
      expiresAt: null,
      rateLimit: null,
      budget: null,
      source: 'memory',
    });
    expect(await verifier.verify(key, { anyScope: ['a', 'b'] })).toMatchObject({ code: 'SCOPE_MISSING' });
    expect(latchkey.asked).toHaveLength(countOfAsked);
    expect(latchkey.renewals[0]).toMatchObject({
      verifier: expect.stringMatching(/^orders\./),
      applied: null,
    });
  });

  it('says by itself that a string is no whole key', async () => {
    const verifier = newVerifier();
    for (const key of [
      '',
      'x',
      `${newKey()}x`,
      newKey().replace(/.$/, '-'),
      'a.b',
      `a.b.${'c'.repeat(1_997)}`,
    ]) {
      expect(await verifier.verify(key)).toMatchObject({ valid: false, code: 'MALFORMED', keyId: null });
    }
    expect(latchkey.asked).toEqual([]);
    expect(await verifier.verify('a.b.c')).toMatchObject({ code: 'NOT_FOUND', source: 'server' });
  });

  it('says of what it remembers to be no key what the server said', async () => {
    const verifier = await leasedVerifier();
    for (const code of ['MALFORMED', 'NOT_FOUND'] as const) {
      const key = newKey({ facts: null, code });
      for (const source of ['server', 'memory']) {
        expect(await verifier.verify(key)).toMatchObject({ code, source });
      }
    }
  });

  it('remembers for a minute that a string is no key', async () => {
    const verifier = await leasedVerifier();
    const key = newKey({ facts: null });
    for (const _ of [1, 2, 3]) expect(await verifier.verify(key)).toMatchObject({ code: 'NOT_FOUND' });
    expect(latchkey.asked).toHaveLength(1);
    latchkey.lease.leaseMs = 120_000;
    latchkey.renew();
    await vi.waitFor(() => expect(latchkey.renewals).toHaveLength(3));
    clock.advance(61_000);
    await verifier.verify(key);
    expect(latchkey.asked).toHaveLength(2);
  });

  it('asks once for a key that many present at the same time', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    const verdicts = await Promise.all(Array.from({ length: 64 }, () => verifier.verify(key)));
    expect(verdicts.every(({ valid }) => valid)).toBe(true);
    expect(latchkey.asked).toHaveLength(1);
  });

  it('asks each time, and takes no lease, where it is not to remember', async () => {
    const verifier = newVerifier({ cache: false });
    const key = newKey();
    for (const _ of [1, 2]) expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
    expect(latchkey.asked).toEqual([{ key }, { key }]);
    expect(latchkey.renewals).toEqual([]);
  });

  it('gives its lease back when it is closed, and asks from then on', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    await verifier.verify(key);
    await verifier.close();
    expect(latchkey.released).toEqual([{ verifier: latchkey.renewals[0]?.verifier }]);
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
  });

  it('gives its lease back when nobody verifies, and takes another under a new name when somebody does', async () => {
    const verifier = await leasedVerifier({ idleMs: 2_000 });
    clock.advance(2_000);
    latchkey.renew();
    await vi.waitFor(() => expect(latchkey.released).toHaveLength(1));
    expect(await verifier.verify(newKey())).toMatchObject({ source: 'server' });
    await vi.waitFor(() => expect(latchkey.renewals.at(-1)).toMatchObject({ waitMs: 1_000 }));
    expect(latchkey.renewals.at(-1)?.verifier).not.toBe(latchkey.released[0]?.verifier);
  });

  it('refuses an id that the server would refuse', () => {
    expect(() => newVerifier({ id: 'two words' })).toThrow(TypeError);
    expect(() => newVerifier({ id: 'x'.repeat(25) })).toThrow(TypeError);
  });
});

describe('after a change', () => {
  it('the key is forgotten before the change is confirmed', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    await verifier.verify(key);
    latchkey.keys.set(key, { facts: { ...facts, revokedAt: clock.now() }, code: 'REVOKED' });
    latchkey.tell({ keyIds: ['k1'] });
    await waits(2);
    expect(await verifier.verify(key)).toMatchObject({ valid: false, code: 'REVOKED' });
  });

  it('other keys are still known, unless all is to be forgotten', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    await verifier.verify(key);
    latchkey.tell({ keyIds: ['another'] });
    await waits(2);
    expect(await verifier.verify(key)).toMatchObject({ source: 'memory' });
    latchkey.tell({ reset: true });
    await waits(3);
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
  });

  it('is asked for after the server was set back, and kept from then on by the lower number', async () => {
    const verifier = await leasedVerifier();
    latchkey.tell({});
    await waits(2);
    const key = newKey();
    await verifier.verify(key);
    latchkey.goBack(1);
    await waits(1);
    expect(latchkey.renewals.at(-1)).toMatchObject({ mark: 'b1' });
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
    expect(await verifier.verify(key)).toMatchObject({ source: 'memory' });
  });

  it('an answer that does not know of it is not remembered', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    latchkey.holdVerdicts();
    const early = verifier.verify(key);
    await vi.waitFor(() => expect(latchkey.asked).toHaveLength(1));
    latchkey.tell({ keyIds: ['k1'] });
    await waits(2);
    latchkey.letGo();
    expect(await early).toMatchObject({ valid: true });
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
  });

  it('whoever comes later gets nothing of an answer that was asked for before', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    latchkey.holdVerdicts();
    const early = verifier.verify(key);
    await vi.waitFor(() => expect(latchkey.asked).toHaveLength(1));
    latchkey.keys.set(key, { facts: { ...facts, revokedAt: clock.now() }, code: 'REVOKED' });
    latchkey.tell({ keyIds: ['k1'] });
    await waits(2);
    const late = verifier.verify(key);
    latchkey.letGo();
    expect(await early).toMatchObject({ valid: true });
    expect(await late).toMatchObject({ valid: false, code: 'REVOKED' });
  });

  it('a caller in a tight loop learns of it too', async () => {
    const verifier = await leasedVerifier({ clock: systemClock });
    const key = newKey();
    setTimeout(() => {
      latchkey.keys.set(key, { facts: null });
      latchkey.tell({ keyIds: ['k1'] });
    }, 20);
    while ((await verifier.verify(key)).valid);
    expect(await verifier.verify(key)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a lease', () => {
  it.each([
    ['the time that has passed', 'elapsed'],
    ['the clock on the wall, which goes on while a machine sleeps', 'wall'],
  ] as const)('ends by %s', async (_what, hand) => {
    const verifier = await leasedVerifier();
    const key = newKey();
    await verifier.verify(key);
    expect(await verifier.verify(key)).toMatchObject({ source: 'memory' });
    clock[hand] += 3_000;
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
  });

  it('counts from when it was asked for', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    await verifier.verify(key);
    clock.advance(2_900);
    latchkey.renew();
    await vi.waitFor(() => expect(latchkey.renewals).toHaveLength(3));
    clock.advance(100);
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
  });

  it('lets a verifier answer while the server is away, and nobody in when it has run out', async () => {
    const verifier = await leasedVerifier();
    const key = newKey();
    await verifier.verify(key);
    await latchkey.close();
    expect(await verifier.verify(key)).toMatchObject({ valid: true, source: 'memory' });
    clock.advance(3_000);
    await expect(verifier.verify(key)).rejects.toThrow(TransportError);
  });

  it('of nothing is none', async () => {
    latchkey.lease.leaseMs = 0;
    const verifier = newVerifier();
    const key = newKey();
    await verifier.verify(key);
    await vi.waitFor(() => expect(latchkey.renewals.length).toBeGreaterThan(1));
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
  });
});

describe('what the server alone knows', () => {
  it('is the time by which a key ends', async () => {
    latchkey.lease.aheadMs = 3_600_000;
    const verifier = await leasedVerifier();
    const endsAt = clock.now() + 3_600_000 + 1_000;
    const key = newKey({ facts: { ...facts, expiresAt: endsAt } });
    await verifier.verify(key);
    clock.advance(990);
    expect(await verifier.verify(key)).toMatchObject({ code: 'VALID', source: 'memory' });
    clock.advance(10);
    expect(await verifier.verify(key)).toMatchObject({ code: 'EXPIRED', source: 'memory' });
  });

  it('is which addresses may use a key, asked once for each', async () => {
    const verifier = await leasedVerifier();
    const bound = { ...facts, isBoundToAddresses: true };
    const key = newKey({ facts: bound });
    await verifier.verify(key, { ip: '192.0.2.1' });
    latchkey.keys.set(key, { facts: bound, code: 'IP_NOT_ALLOWED' });
    await verifier.verify(key, { ip: '192.0.2.2' });
    expect(latchkey.asked.map(({ ip }) => ip)).toEqual(['192.0.2.1', '192.0.2.2']);
    const here = { source: 'memory' };
    expect(await verifier.verify(key, { ip: '192.0.2.1' })).toMatchObject({ code: 'VALID', ...here });
    expect(await verifier.verify(key, { ip: '192.0.2.2' })).toMatchObject({
      code: 'IP_NOT_ALLOWED',
      ...here,
    });
    expect(await verifier.verify(key)).toMatchObject({ code: 'IP_NOT_ALLOWED', ...here });
    latchkey.tell({ keyIds: ['k1'] });
    await waits(2);
    expect(await verifier.verify(key, { ip: '192.0.2.1' })).toMatchObject({ code: 'IP_NOT_ALLOWED' });
  });

  it('is how often a key was used that is counted exactly', async () => {
    const verifier = await leasedVerifier();
    const key = newKey({ facts: { ...facts, counting: 'exact' } });
    await Promise.all(Array.from({ length: 8 }, () => verifier.verify(key)));
    await Promise.all(Array.from({ length: 8 }, () => verifier.verify(key)));
    expect(latchkey.asked.length).toBeGreaterThanOrEqual(16);
    const refused = await verifier.verify(key, { allScopes: ['api-keys:manage'] });
    expect(refused).toMatchObject({ code: 'SCOPE_MISSING', source: 'memory' });
  });
});

describe('a key that is counted fast', () => {
  const rateLimit = { limit: 100, windowSeconds: 60, remaining: 90, resetSeconds: 30 };
  const counted = { facts: { ...facts, counting: 'fast' as const }, units: 3, rateLimit };

  it('is accepted as often as the server left it to the verifier, then asked for', async () => {
    const verifier = await leasedVerifier();
    const key = newKey(counted);
    const verdicts = [];
    for (let use = 0; use < 5; use++) verdicts.push(await verifier.verify(key));
    expect(verdicts.map(({ source }) => source)).toEqual(['server', 'memory', 'memory', 'memory', 'server']);
    expect(verdicts.map((verdict) => verdict.rateLimit?.remaining)).toEqual([90, 89, 88, 87, 90]);
  });

  it('takes as many units as it costs', async () => {
    const verifier = await leasedVerifier();
    const key = newKey(counted);
    await verifier.verify(key);
    expect(await verifier.verify(key, { cost: 4 })).toMatchObject({ source: 'server' });
    expect(await verifier.verify(key, { cost: 6 })).toMatchObject({ source: 'memory' });
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
    expect(latchkey.asked.map(({ cost }) => cost)).toEqual([undefined, 4, undefined]);
  });

  it('loses its units with the window that they are of', async () => {
    const verifier = await leasedVerifier();
    const key = newKey({ ...counted, unitsUntil: clock.now() + 1_000 });
    await verifier.verify(key);
    clock.advance(500);
    expect(await verifier.verify(key)).toMatchObject({ source: 'memory' });
    clock.advance(500);
    expect(await verifier.verify(key)).toMatchObject({ source: 'server' });
  });

  it('is never accepted more often than that by callers at the same time', async () => {
    const verifier = await leasedVerifier();
    const key = newKey(counted);
    await verifier.verify(key);
    latchkey.keys.set(key, { ...counted, units: 0, code: 'RATE_LIMITED' });
    const verdicts = await Promise.all(Array.from({ length: 64 }, () => verifier.verify(key)));
    expect(verdicts.filter(({ valid }) => valid)).toHaveLength(3);
  });
});
