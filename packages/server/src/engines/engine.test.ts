import { describe, expect, it } from 'vitest';
import { type Random, systemRandom } from '../platform/random.ts';
import { retryDelayMs } from './engine.ts';

/** Gives the same four bytes always. */
function fixed(byte: number): Random {
  return { ...systemRandom, bytes: (size) => new Uint8Array(size).fill(byte) };
}

const highest = fixed(0xff);

describe('the wait before another attempt', () => {
  it('has a bound that doubles from half a second to a minute and stays there', () => {
    const bounds = [1, 2, 3, 7, 8, 9, 50, 5000].map((attempt) => retryDelayMs(attempt, highest) + 1);
    expect(bounds).toEqual([500, 1000, 2000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('is anything from nothing up to the bound', () => {
    expect(retryDelayMs(4, fixed(0))).toBe(0);
    expect(retryDelayMs(4, fixed(0x80))).toBe(2007);
    const drawn = Array.from({ length: 500 }, () => retryDelayMs(1, systemRandom));
    expect(Math.min(...drawn)).toBeLessThan(50);
    expect(Math.max(...drawn)).toBeGreaterThan(450);
    expect(drawn.every((delayMs) => Number.isInteger(delayMs) && delayMs >= 0 && delayMs < 500)).toBe(true);
  });

  it('comes after what the target asked for', () => {
    expect(retryDelayMs(1, fixed(0), 7000)).toBe(7000);
    expect(retryDelayMs(1, highest, 7000)).toBe(7499);
  });
});
