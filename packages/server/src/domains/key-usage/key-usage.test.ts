import { describeEachEngine } from '@latchkey/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../storage/index.ts';
import { together } from '../calls-for-tests.ts';
import { tableText } from '../rows-for-tests.sql.ts';
import type { UseRequest } from './counters.ts';
import { readCounters } from './key-usage.sql.ts';
import { createKeyUsage, type KeyUsage } from './key-usage.ts';
import { sweepUses } from './sweep.ts';
import { budgetOf, type Counters, limitOf, startCounters, tally, useOf } from './usage-for-tests.ts';

const minute = 60;

describeEachEngine('counting uses of a key', (open) => {
  let counters: Counters;
  let usage: KeyUsage;
  beforeAll(async () => {
    counters = await startCounters(open, 2);
    usage = counters.processes[0] as KeyUsage;
  });
  afterAll(() => counters.close());

  /** What the database has counted of a key, by window. */
  async function counted({ keyId }: UseRequest): Promise<Record<number, number>> {
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const rows = await readCounters(store.db, [keyId], counters.clock.now());
    return Object.fromEntries([...rows.values()].map(({ windowSeconds, used }) => [windowSeconds, used]));
  }

  async function codes(request: UseRequest, times: number): Promise<string[]> {
    const all: string[] = [];
    for (let time = 0; time < times; time += 1) all.push((await usage.count(request)).code);
    return all;
  }

  it('answers at once for a key without limits, and writes nothing', () => {
    const write = vi.spyOn(counters.stores[0] as Store, 'write');
    const verdict = usage.count(useOf({}));
    expect(verdict).toEqual({ code: 'VALID', rateLimit: null, budget: null, units: 0, unitsUntil: null });
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });

  it('goes on counting where another process, or a new one, has counted before', async () => {
    const request = useOf({ limits: [limitOf(5, minute)], budget: budgetOf(7) });
    expect(await codes(request, 3)).toEqual(['VALID', 'VALID', 'VALID']);
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const restarted = createKeyUsage({ store, clock: counters.clock }, () => undefined);
    expect(await restarted.count({ ...request, cost: 3 })).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await restarted.count({ ...request, cost: 2 })).toMatchObject({
      rateLimit: { remaining: 0 },
      budget: { remaining: 2 },
    });
    await restarted.close();
  });

  it('forgets windows that have ended, and no budget', async () => {
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const request = useOf({ limits: [limitOf(5, minute)], budget: budgetOf(7) });
    await usage.count(request);
    counters.clock.advance(59_999);
    await sweepUses({ store, clock: counters.clock });
    expect(await counted(request)).toEqual({ [minute]: 1, 0: 1 });
    counters.clock.advance(366 * 86_400_000);
    await sweepUses({ store, clock: counters.clock });
    expect(await tableText(store, 'key_uses')).not.toContain(`"window_seconds":${minute}`);
    expect(await counted(request)).toEqual({ 0: 1 });
  });

  describe.each(['exact', 'fast'] as const)('%s', (counting) => {
    it('accepts as many as a limit allows, and the next where its window has ended', async () => {
      const request = useOf({ limits: [limitOf(3, minute, counting)] });
      expect(await codes(request, 4)).toEqual(['VALID', 'VALID', 'VALID', 'RATE_LIMITED']);
      counters.clock.advance(59_999);
      expect(await codes(request, 1)).toEqual(['RATE_LIMITED']);
      counters.clock.advance(1);
      expect(await codes(request, 1)).toEqual(['VALID']);
    });

    it('says how much is left, and when more will be', async () => {
      const request = useOf({ limits: [limitOf(500, minute, counting)], budget: budgetOf(1000, counting) });
      await usage.count({ ...request, cost: 100 });
      counters.clock.advance(20_500);
      expect(await usage.count(request)).toMatchObject({
        rateLimit: { limit: 500, windowSeconds: minute, remaining: 399, resetSeconds: 40 },
        budget: { total: 1000, remaining: 899 },
      });
    });

    it('ends with the budget, and says that rather than that a limit is spent', async () => {
      const request = useOf({ limits: [limitOf(2, minute, counting)], budget: budgetOf(2, counting) });
      expect(await codes(request, 3)).toEqual(['VALID', 'VALID', 'USAGE_EXCEEDED']);
      counters.clock.advance(366 * 86_400_000);
      expect(await codes(request, 1)).toEqual(['USAGE_EXCEEDED']);
    });

    it('spends nothing for a use that one of several limits refuses', async () => {
      const request = useOf({
        limits: [limitOf(2, minute, counting), limitOf(50, 3600, counting)],
        budget: budgetOf(90, counting),
      });
      expect(tally(await together(async () => usage.count(request)))).toEqual({ VALID: 2, RATE_LIMITED: 62 });
      expect(await counted(request)).toEqual({ [minute]: 2, 3600: 2, 0: 2 });
    });

    it('starts no window by a use that was refused', async () => {
      const request = useOf({ limits: [limitOf(10, minute, counting)], budget: budgetOf(1, counting) });
      expect(await usage.count({ ...request, cost: 2 })).toMatchObject({ code: 'USAGE_EXCEEDED' });
      expect(await counted(request)).toEqual({});
      counters.clock.advance(30_000);
      expect(await usage.count(request)).toMatchObject({
        code: 'VALID',
        rateLimit: { resetSeconds: minute },
      });
    });

    it('takes all units of a use or none, and lets cheaper ones pass', async () => {
      const request = useOf({ limits: [limitOf(10, minute, counting)] });
      expect((await usage.count({ ...request, cost: 8 })).code).toBe('VALID');
      expect((await usage.count({ ...request, cost: 3 })).code).toBe('RATE_LIMITED');
      expect((await usage.count({ ...request, cost: 2 })).code).toBe('VALID');
      expect((await usage.count({ ...request, cost: 0 })).code).toBe('VALID');
      expect(await counted(request)).toEqual({ [minute]: 10 });
    });

    it('starts no window by a use that costs nothing', async () => {
      const request = useOf({ limits: [limitOf(10, minute, counting)], cost: 0 });
      expect((await usage.count(request)).code).toBe('VALID');
      expect(await counted(request)).toEqual({});
    });

    it('keeps to a limit that was lowered, and to one that was raised, at once', async () => {
      const request = useOf({ limits: [limitOf(1000, minute, counting)] });
      expect(tally(await together(async () => usage.count(request)))).toEqual({ VALID: 64 });
      const lowered = { ...request, limits: [limitOf(70, minute, counting)] };
      expect(tally(await together(async () => usage.count(lowered)))).toEqual({ VALID: 6, RATE_LIMITED: 58 });
      const raised = { ...request, limits: [limitOf(100, minute, counting)] };
      expect(tally(await together(async () => usage.count(raised)))).toEqual({ VALID: 30, RATE_LIMITED: 34 });
    });

    it('never refuses a client at 99 % of the limit, over ten windows', async () => {
      const [times, cost, numRuns] = counting === 'exact' ? [11, 90, 3] : [110, 9, 1];
      const pauses = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: times, maxLength: times });
      await fc.assert(
        fc.asyncProperty(pauses, fc.nat({ max: 60_000 }), async (weights, idleMs) => {
          const request = useOf({ limits: [limitOf(1000, minute, counting)], cost });
          const total = weights.reduce((sum, weight) => sum + weight);
          counters.clock.advance(idleMs);
          // The pauses make up a window and come again: no window, wherever it starts, holds more than 990 units.
          for (let index = 0; index < 10 * times; index += 1) {
            expect((await usage.count(request)).code).toBe('VALID');
            counters.clock.advance(Math.ceil(((weights[index % times] ?? 0) / total) * 60_000));
          }
        }),
        { numRuns },
      );
    });

    it('reaches the database once in a tenth of a second where it is refused', async () => {
      const request = useOf({ limits: [limitOf(1, minute, counting)] });
      expect(await codes(request, 2)).toEqual(['VALID', 'RATE_LIMITED']);
      const write = vi.spyOn(counters.stores[0] as Store, 'write');
      for (let time = 0; time < 64; time += 1)
        expect(usage.count(request)).toMatchObject({ code: 'RATE_LIMITED' });
      expect(write).not.toHaveBeenCalled();
      counters.clock.advance(100);
      expect(await codes(request, 2)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
      expect(write).toHaveBeenCalledTimes(1);
      write.mockRestore();
    });

    it('is not held up by a window that a moved clock has put far ahead', async () => {
      const request = useOf({ limits: [limitOf(1, minute, counting)] });
      counters.clock.advance(10 * 86_400_000);
      expect(await codes(request, 2)).toEqual(['VALID', 'RATE_LIMITED']);
      counters.clock.advance(-10 * 86_400_000);
      counters.clock.advance(100);
      expect(await codes(request, 1)).toEqual(['VALID']);
    });
  });
});
