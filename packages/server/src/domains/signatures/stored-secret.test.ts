import { generateKey } from '@latchkey/keys';
import { hmacSettings, LatchkeyError, type SigningScheme } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { type NewSecret, secretFromText, secretToText } from './stored-secret.ts';

const identity = { id: 's1', retired: false };
const base64 = Buffer.alloc(32, 'own signing key ').toString('base64');

function readBack(pasted: NewSecret) {
  return secretFromText(secretToText(pasted), identity);
}

function bytesOf(pasted: NewSecret): Buffer {
  return readBack(pasted).key.export() as Buffer;
}

function problemOf(scheme: SigningScheme, secret: string, settings?: NewSecret['settings']): string {
  try {
    secretToText({ scheme, secret, settings });
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'INVALID_SIGNING_SECRET') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a signing secret that is stored', () => {
  it('holds the bytes that its scheme signs with', () => {
    expect(bytesOf({ scheme: 'standard', secret: `whsec_${base64}` })).toEqual(Buffer.from(base64, 'base64'));
    expect(bytesOf({ scheme: 'stripe', secret: 'whsec_0123456789abcdef' }).toString()).toBe(
      'whsec_0123456789abcdef',
    );
    expect(bytesOf({ scheme: 'github', secret: 'It’s a secret' }).toString()).toBe('It’s a secret');
    const settings = hmacSettings.parse({ header: 'x-mac', secretEncoding: 'hex' });
    expect(bytesOf({ scheme: 'hmac', secret: '00ff00FF00ff00ff', settings })).toEqual(
      Buffer.from('00ff00ff00ff00ff', 'hex'),
    );
  });

  it('comes back with its settings, its tolerance and its identity', () => {
    const settings = hmacSettings.parse({ header: 'X-Mac', algorithm: 'sha512' });
    const pasted = { scheme: 'hmac', secret: 'twelve bytes', settings, toleranceSeconds: 60 } as const;
    const stored = secretFromText(secretToText(pasted), { id: 's2', retired: true });
    expect(stored).toMatchObject({ id: 's2', retired: true, scheme: 'hmac', settings, toleranceSeconds: 60 });
    expect(readBack({ scheme: 'github', secret: 'twelve bytes' }).toleranceSeconds).toBe(300);
  });

  it('is held so that it cannot be printed', () => {
    const stored = readBack({ scheme: 'standard', secret: `whsec_${base64}` });
    expect(JSON.stringify(stored)).not.toContain(base64.slice(0, 8));
  });

  it('is the same with white space around it, and with nothing else', () => {
    for (const secret of [` whsec_${base64}`, `whsec_${base64}\r\n`, `\t whsec_${base64}\u00a0`]) {
      expect(bytesOf({ scheme: 'standard', secret })).toEqual(Buffer.from(base64, 'base64'));
    }
  });

  it('is read from nothing but what was stored', () => {
    for (const text of ['{}', '', '{"version":2}', 'whsec_x']) {
      expect(() => secretFromText(text, identity)).toThrow();
    }
  });

  it('has settings with hmac and with nothing else', () => {
    const settings = hmacSettings.parse({ header: 'x-mac' });
    for (const each of [{ scheme: 'hmac' } as const, { scheme: 'github', settings } as const]) {
      expect(() => secretToText({ ...each, secret: 'twelve bytes' })).toThrow(
        expect.objectContaining({ code: 'INVALID_REQUEST' }),
      );
    }
  });
});

describe('a mistake in what was pasted is named', () => {
  const pem = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----';
  const cases: readonly [SigningScheme, string, RegExp][] = [
    ['standard', '', /is empty/],
    ['standard', '   ', /is empty/],
    ['standard', `v1,whsec_${base64}`, /"v1,"/],
    ['standard', `v1,${base64}`, /signature of one message/],
    ['standard', `whsec_whsec_${base64}`, /twice/],
    ['standard', `whpk_whpk_${base64}`, /twice/],
    ['standard', `"whsec_${base64}"`, /quotes/],
    ['standard', `WHSEC_${base64}`, /does not start with whsec_/],
    ['standard', base64, /does not start with whsec_/],
    ['standard', `whsec_${base64.slice(0, -1)}`, /not base64/],
    ['standard', `whsec_${base64.slice(0, 20)} ${base64.slice(20)}`, /white space/],
    ['standard', `whsec_${base64.slice(0, 20)}\n${base64.slice(20)}`, /line break/],
    ['standard', `whsec_${Buffer.alloc(24, 0xff).toString('base64url')}`, /base64url/],
    ['standard', `whsec_${Buffer.alloc(15, 1).toString('base64')}`, /15 bytes, where at least 16/],
    ['standard', `whsec_${Buffer.alloc(513, 1).toString('base64')}`, /too long/],
    ['standard', 'whsec_', /0 bytes/],
    ['standard', `whsk_${base64}`, /private key/],
    ['standard', `whpk_${Buffer.alloc(31, 1).toString('base64')}`, /31 bytes, where 32/],
    ['standard', 'sk_live_0123456789abcdef', /API key of Stripe/],
    ['standard', pem, /PEM/],
    ['standard', generateKey('organization'), /API key of this product/],
    ['github', generateKey('instance'), /API key of this product/],
    ['github', `x${generateKey('personal')}`, /API key of this product/],
    ['hmac', `cko_cut-off-behind-it`, /API key of this product/],
    ['stripe', 'we_0123456789abcdef', /id of a webhook endpoint/],
    ['stripe', 'sk_test_0123456789abcdef', /API key of Stripe/],
    ['stripe', 'whsec_short', /too short/],
    ['stripe', '0123456789abcdef', /does not start with whsec_/],
    ['stripe', 'v1,whsec_0123456789abcdef', /"v1,"/],
    ['stripe', 't=1700000000,v1=00', /signature of one message/],
    ['github', 'sha256=0123456789abcdef', /signature of one message/],
    ['github', 'ghp_0123456789abcdef', /access token of GitHub/],
    ['github', 'seven b', /7 bytes, where at least 8/],
    ['github', `${'x'.repeat(1025)}`, /longer than 1024/],
    ['github', 'half of \ud83d one', /half a character/],
  ];

  it.each(cases)('%s: %j', (scheme, text, problem) => {
    const settings = scheme === 'hmac' ? hmacSettings.parse({ header: 'x-mac' }) : undefined;
    expect(problemOf(scheme, text, settings)).toMatch(problem);
  });

  it.each(cases)('%s: %j stays out of the answer', (scheme, text) => {
    const settings = scheme === 'hmac' ? hmacSettings.parse({ header: 'x-mac' }) : undefined;
    const told = problemOf(scheme, text, settings);
    const tail = text.trim().slice(-12);
    if (tail.length === 12) expect(told).not.toContain(tail);
  });

  it('in the encoding that settings ask for, too', () => {
    const hex = hmacSettings.parse({ header: 'x-mac', secretEncoding: 'hex' });
    expect(problemOf('hmac', '00ff00ff00ff00f', hex)).toMatch(/not hex/);
    expect(problemOf('hmac', '00ff00', hex)).toMatch(/3 bytes/);
    const inBase64 = hmacSettings.parse({ header: 'x-mac', secretEncoding: 'base64' });
    expect(problemOf('hmac', 'not base64 at all', inBase64)).toMatch(/not base64/);
  });
});
