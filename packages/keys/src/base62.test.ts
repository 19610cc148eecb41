import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase62, encodeBase62, isBase62 } from './base62.ts';

const largest = 2n ** 256n - 1n;

describe('base62', () => {
  it('orders its digits 0-9, A-Z, a-z', () => {
    expect([0n, 9n, 10n, 35n, 36n, 61n].map((value) => encodeBase62(value, 1)).join('')).toBe('09AZaz');
  });

  it('holds 256 bits in 43 characters, padded on the left', () => {
    expect(encodeBase62(0n, 43)).toBe('0'.repeat(43));
    expect(encodeBase62(1n, 43)).toBe(`${'0'.repeat(42)}1`);
    expect(encodeBase62(largest, 43)).toHaveLength(43);
    expect(() => encodeBase62(largest, 42)).toThrow(RangeError);
  });

  it('keeps the order of numbers, so that two of them never share a text', () => {
    const anyNumber = fc.bigInt({ min: 0n, max: largest });
    fc.assert(
      fc.property(anyNumber, anyNumber, (one, other) => {
        expect(encodeBase62(one, 43) < encodeBase62(other, 43)).toBe(one < other);
      }),
    );
  });

  it('reads back every 32-bit number', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        expect(decodeBase62(encodeBase62(BigInt(value), 6), 0, 6)).toBe(value);
      }),
    );
  });

  it('knows its characters among all of the first 65536', () => {
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      expect(isBase62(character, 0, 1)).toBe(/^[0-9A-Za-z]$/.test(character));
    }
  });
});
