import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

describe('crc32', () => {
  it('gives the check value of the standard', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(crc32('')).toBe(0);
  });

  it('agrees with zlib on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(crc32(Buffer.from(bytes).toString('latin1'))).toBe(zlibCrc32(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('stops where it is told to', () => {
    expect(crc32('123456789 and more', 9)).toBe(crc32('123456789'));
  });
});
