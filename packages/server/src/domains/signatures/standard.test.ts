import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Headers, requestOf, storedSecret } from './requests-for-tests.ts';
import { verifySignature } from './verify.ts';

/** The computed vector of contract/codika.md E.6. */
const secret = storedSecret({
  scheme: 'standard',
  secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
});
const good = 'v1,zM805ub/HuNgRQquf7DOmQTAXz4paUhBB8MyV0LLA4M=';
const headers = { 'webhook-id': 'msg_test', 'webhook-timestamp': '1700000000', 'webhook-signature': good };
const body = '{"a":1}';
const other = storedSecret({ scheme: 'standard', secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` });

function verdictOf(
  changed: Record<string, string | undefined>,
  text: string | Buffer = body,
  secrets = [secret],
) {
  const merged = Object.entries({ ...headers, ...changed }).filter(([, value]) => value !== undefined);
  return verifySignature(requestOf(Object.fromEntries(merged) as Headers, text), secrets);
}

function atSecond(second: number) {
  return verifySignature(requestOf(headers, body, second * 1000 + 999), [secret]);
}

describe('the computed vector of the contract', () => {
  it('passes, and says which message it was and how long to remember it', () => {
    expect(verdictOf({})).toEqual({
      ok: true,
      secretId: secret.id,
      scheme: 'standard',
      messageId: 'standard:msg_test',
      timestampMs: 1_700_000_000_000,
      rememberMs: 3 * 24 * 3_600_000,
    });
  });

  it('fails with one changed byte of the body', () => {
    expect(verdictOf({}, '{"a":2}')).toMatchObject({ ok: false, problem: 'mismatch' });
  });

  it('fails re-serialised', () => {
    expect(verdictOf({}, '{"a": 1}')).toMatchObject({ ok: false, problem: 'mismatch' });
  });

  it.each([
    [-301, false],
    [-300, true],
    [-299, true],
    [299, true],
    [300, true],
    [301, false],
  ])('with the clock of the server at %i seconds from it: accepted %s', (seconds, ok) => {
    expect(atSecond(1_700_000_000 + seconds).ok).toBe(ok);
  });

  it('says by how much and in which direction the clock is off', () => {
    expect(atSecond(1_700_000_340)).toMatchObject({
      problem: 'clock_off',
      details: { secondsOff: 340, direction: 'behind' },
    });
    expect(atSecond(1_699_999_660)).toMatchObject({
      problem: 'clock_off',
      details: { secondsOff: 340, direction: 'ahead' },
    });
  });

  it('does not say that a message is too old to somebody who could not sign it', () => {
    const verdict = verifySignature(requestOf(headers, '{"a":2}', 1_800_000_000_000), [secret]);
    expect(verdict).toMatchObject({ problem: 'mismatch', details: {} });
  });

  it('passes behind signatures that are wrong, unreadable or of unknown versions', () => {
    const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;
    for (const list of [`v1,bad v1, ${good}`, `v9,x v1a,AAAA ${wrong} ${good} v1,bad`, `${wrong}, ${good}`]) {
      expect(verdictOf({ 'webhook-signature': list })).toMatchObject({ ok: true });
    }
  });

  it('looks at the first 16 signatures of a list and no further', () => {
    const list = (before: number) => `${'v1,bad '.repeat(before)}${good}`;
    expect(verdictOf({ 'webhook-signature': list(15) })).toMatchObject({ ok: true });
    expect(verdictOf({ 'webhook-signature': list(16) })).toMatchObject({ problem: 'malformed' });
  });

  it('passes with a second stored secret, and names it', () => {
    expect(verdictOf({}, body, [other, secret])).toMatchObject({ ok: true, secretId: secret.id });
  });

  it('fails with the secret of another endpoint, with a retired one and with none', () => {
    expect(verdictOf({}, body, [other])).toMatchObject({ problem: 'mismatch' });
    expect(verdictOf({}, body, [{ ...secret, retired: true }])).toMatchObject({ problem: 'no_secret' });
    expect(verdictOf({}, body, [])).toMatchObject({ problem: 'no_secret' });
  });

  it('passes in the svix spelling, and in both when they say the same', () => {
    const svix = { 'svix-id': 'msg_test', 'svix-timestamp': '1700000000', 'svix-signature': good };
    expect(verifySignature(requestOf(svix, body), [secret])).toMatchObject({
      messageId: 'standard:msg_test',
    });
    expect(verdictOf(svix)).toMatchObject({ ok: true });
    expect(verdictOf({ ...svix, 'svix-id': 'msg_other' })).toMatchObject({ problem: 'malformed' });
    expect(verdictOf({ 'svix-id': 'msg_test' })).toMatchObject({ problem: 'malformed' });
  });
});

describe('headers that are not as they should be', () => {
  it.each([
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
  ])('names %s when it is missing or empty', (name) => {
    for (const value of [undefined, '']) {
      expect(verdictOf({ [name]: value })).toMatchObject({
        problem: 'headers_missing',
        details: { missing: [name] },
      });
    }
  });

  it.each([
    '17e8',
    '1700000000.0',
    '+1700000000',
    '01700000000',
    '0x6553f100',
    '1700000000, 1700000000',
    'now',
  ])('refuses the timestamp %s', (timestamp) => {
    expect(verdictOf({ 'webhook-timestamp': timestamp })).toMatchObject({
      problem: 'malformed',
      details: { part: 'timestamp' },
    });
  });

  it('refuses an id that is two', () => {
    expect(verdictOf({ 'webhook-id': 'msg_test, msg_test' })).toMatchObject({ details: { part: 'id' } });
  });

  it.each([
    good.slice(3),
    good.replace('=', ''),
    good.replace('v1', 'v2'),
    good.replace('v1', 'V1'),
    good.replace('M=', 'N='),
    good.replace('/', '_'),
    `${good}=`,
    'v1,',
    'v1',
    ',',
  ])('refuses the signature %s', (signature) => {
    expect(verdictOf({ 'webhook-signature': signature })).toMatchObject({ problem: 'malformed' });
  });
});

describe('v1a', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const asymmetric = storedSecret({ scheme: 'standard', secret: `whpk_${raw.toString('base64')}` });
  const text = Buffer.from(`msg_test.1700000000.${body}`);
  const signature = `v1a,${sign(null, text, privateKey).toString('base64')}`;

  it('passes with the Ed25519 public key, alone and beside v1', () => {
    for (const list of [signature, `${good} ${signature}`]) {
      expect(verdictOf({ 'webhook-signature': list }, body, [asymmetric])).toMatchObject({
        ok: true,
        secretId: asymmetric.id,
      });
    }
  });

  it('fails with a changed body, and with the key of somebody else', () => {
    expect(verdictOf({ 'webhook-signature': signature }, '{"a":2}', [asymmetric]).ok).toBe(false);
    const foreign = storedSecret({
      scheme: 'standard',
      secret: `whpk_${Buffer.alloc(32, 9).toString('base64')}`,
    });
    expect(verdictOf({ 'webhook-signature': signature }, body, [foreign]).ok).toBe(false);
  });

  it('is no v1: neither kind of key accepts the signature of the other', () => {
    expect(verdictOf({}, body, [asymmetric])).toMatchObject({ problem: 'malformed' });
    expect(verdictOf({ 'webhook-signature': signature }, body, [secret])).toMatchObject({
      problem: 'malformed',
    });
  });

  it('takes nothing that was made with the public key as an HMAC key', () => {
    for (const version of ['v1', 'v1a']) {
      const forged = `${version},${createHmac('sha256', raw).update(text).digest('base64')}`;
      expect(verdictOf({ 'webhook-signature': forged }, body, [asymmetric]).ok).toBe(false);
    }
  });
});
