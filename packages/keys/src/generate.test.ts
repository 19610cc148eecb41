import { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyBytes, anyKey } from './arbitrary-keys.ts';
import { type Environment, environmentPrefixes } from './families.ts';
import { generateEnvironmentKey, generateKey } from './generate.ts';

const environments = Object.keys(environmentPrefixes) as Environment[];

async function sha256ByWebCrypto(text: string): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex');
}

describe('generating keys', () => {
  it('gives plain keys of one length per prefix, which a double-click selects whole', () => {
    fc.assert(
      fc.property(anyKey, ({ kind, secret }) => {
        expect(secret).toMatch(/^\w+$/);
        expect(secret.startsWith(kind.prefix)).toBe(true);
        expect(secret).toHaveLength(kind.length);
      }),
    );
    expect(generateKey('organization')).toMatch(/^cko_[0-9A-Za-z]{49}$/);
    expect(generateKey('instance')).toMatch(/^ck_[0-9A-Za-z]{49}$/);
  });

  it('fingerprints an environment key by SHA-256 of its random part', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...environments), anyBytes, async (environment, bytes) => {
        const { secret, fingerprint, fingerprintHex } = generateEnvironmentKey(environment, () => bytes);
        const [head = '', rest = ''] = secret.slice(environmentPrefixes[environment].length).split('_');
        const full = await sha256ByWebCrypto(rest.slice(0, 43));
        expect(fingerprintHex).toBe(full);
        expect(fingerprint).toBe(`${full.slice(0, 4)}...${full.slice(-4)}`);
        expect(head + rest.slice(43)).toBe(full.slice(0, 4) + full.slice(-4));
      }),
    );
  });

  it('keeps all 256 bits: other bytes give another key', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(255), (bytes, bit) => {
        const flipped = bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(generateKey('admin', () => flipped)).not.toBe(generateKey('admin', () => bytes));
      }),
    );
  });

  it('draws from the system by default, and never the same twice', () => {
    const secrets = Array.from({ length: 500 }, () => generateKey('personal'));
    const others = Array.from({ length: 500 }, () => generateEnvironmentKey('prod').secret);
    expect(new Set([...secrets, ...others]).size).toBe(1000);
  });

  it('uses every character at every place but the first alike', () => {
    const counts = new Map<string, number>();
    const keys = 4000;
    for (let made = 0; made < keys; made++) {
      for (const character of generateKey('organization').slice(5, 47)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    const expected = (keys * 42) / 62;
    // Seven standard deviations: chance fails this less than once in 10^9 runs.
    const tolerance = 7 * Math.sqrt(expected);
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(tolerance);
  });

  it.each([0, 16, 31, 33])('refuses a random source that gives %i bytes', (size) => {
    expect(() => generateKey('organization', () => new Uint8Array(size))).toThrow(RangeError);
    expect(() => generateEnvironmentKey('dev', () => new Uint8Array(size))).toThrow(RangeError);
  });
});
