import { createTestClock } from '@latchkey/testkit';
import { describe, expect, it } from 'vitest';
import { type Breaker, createBreaker, type Verdict } from './breaker.ts';

/** Makes one call that ends at once; says whether it was let through. */
function call(breaker: Breaker, verdict: Verdict, name = 'a'): boolean {
  const entry = breaker.enter(name);
  if (!entry.open) entry.leave(verdict);
  return !entry.open;
}

function tripped() {
  const clock = createTestClock();
  const breaker = createBreaker(clock);
  for (let failure = 1; failure <= 5; failure += 1) expect(call(breaker, 'down')).toBe(true);
  return { clock, breaker };
}

/** Enters where that must be let through. */
function probe(breaker: Breaker): (verdict: Verdict) => void {
  const entry = breaker.enter('a');
  if (entry.open) throw new Error('the circuit is open');
  return entry.leave;
}

describe('the circuit of a target', () => {
  it('opens after five failures in a row, for half a minute', () => {
    const { clock, breaker } = tripped();
    expect(breaker.enter('a')).toMatchObject({ open: true, retryAfterMs: 30_000 });
    clock.advance(29_999);
    expect(breaker.enter('a')).toMatchObject({ open: true, retryAfterMs: 1 });
    clock.advance(1);
    expect(call(breaker, 'up')).toBe(true);
  });

  it('stays closed where a success comes between, and calls that showed nothing do not count', () => {
    const breaker = createBreaker(createTestClock());
    const verdicts: Verdict[] = [
      'down',
      'down',
      'down',
      'down',
      'up',
      'down',
      'down',
      'unknown',
      'down',
      'down',
    ];
    for (const verdict of verdicts) expect(call(breaker, verdict)).toBe(true);
    expect(call(breaker, 'down')).toBe(true);
    expect(call(breaker, 'down')).toBe(false);
  });

  it('lets one call through when the time is over, and nobody else until that has ended', () => {
    const { clock, breaker } = tripped();
    clock.advance(30_000);
    const leave = probe(breaker);
    expect(breaker.enter('a')).toMatchObject({ open: true, retryAfterMs: 1000 });
    leave('up');
    expect([call(breaker, 'up'), call(breaker, 'up')]).toEqual([true, true]);
  });

  it('opens for another half minute when that one fails', () => {
    const { clock, breaker } = tripped();
    clock.advance(30_000);
    probe(breaker)('down');
    expect(breaker.enter('a')).toMatchObject({ open: true, retryAfterMs: 30_000 });
    clock.advance(30_000);
    expect(call(breaker, 'up')).toBe(true);
  });

  it('lets the next one try when that one showed nothing', () => {
    const { clock, breaker } = tripped();
    clock.advance(30_000);
    probe(breaker)('unknown');
    probe(breaker)('up');
    expect(breaker.openCount()).toBe(0);
  });

  it('closes when a call that was under way before succeeds', () => {
    const clock = createTestClock();
    const breaker = createBreaker(clock);
    const leave = probe(breaker);
    for (let failure = 1; failure <= 5; failure += 1) call(breaker, 'down');
    expect(call(breaker, 'up')).toBe(false);
    leave('up');
    expect(call(breaker, 'up')).toBe(true);
  });

  it('is its own, and open ones are counted', () => {
    const { clock, breaker } = tripped();
    for (let failure = 1; failure <= 5; failure += 1) expect(call(breaker, 'down', 'b')).toBe(true);
    expect(breaker.openCount()).toBe(2);
    clock.advance(30_000);
    call(breaker, 'up');
    expect(breaker.openCount()).toBe(1);
    expect([call(breaker, 'up', 'c'), breaker.openCount()]).toEqual([true, 1]);
  });

  it('is forgotten, oldest first, where more targets fail than are kept', () => {
    const { breaker } = tripped();
    for (let target = 1; target < 10_000; target += 1) call(breaker, 'down', `target ${target}`);
    expect([call(breaker, 'up'), breaker.openCount()]).toEqual([false, 1]);
    call(breaker, 'down', 'one more');
    expect([call(breaker, 'up'), breaker.openCount()]).toEqual([true, 0]);
  });
});
