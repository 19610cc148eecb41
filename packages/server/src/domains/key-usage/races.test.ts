import { describeEachEngine } from '@latchkey/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fillAll } from './fill.ts';
import { readCounters } from './key-usage.sql.ts';
import { createKeyUsage, type KeyUsage } from './key-usage.ts';
import { budgetOf, type Counters, limitOf, startCounters, tally, useOf } from './usage-for-tests.ts';

const minute = 60;
const processes = 4;
const callers = 64;

describeEachEngine('many who use one key at once', (open) => {
  let counters: Counters;
  let all: readonly KeyUsage[];
  beforeAll(async () => {
    counters = await startCounters(open, processes);
    all = counters.processes;
  });
  afterAll(() => counters.close());

  async function used(keyId: string): Promise<Record<number, number>> {
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const rows = await readCounters(store.db, [keyId], counters.clock.now());
    return Object.fromEntries([...rows.values()].map((row) => [row.windowSeconds, row.used]));
  }

  /** Everybody of every process at once. */
  async function crowd<Result>(work: (usage: KeyUsage, index: number) => Promise<Result>): Promise<Result[]> {
    const calls = Array.from({ length: processes * callers }, (_, index) => index);
    return Promise.all(calls.map((index) => work(all[index % processes] as KeyUsage, index)));
  }

  it('are accepted exactly as often as the limit allows', async () => {
    const request = useOf({ limits: [limitOf(100, minute)] });
    const verdicts = await crowd(async (usage) => usage.count(request));
    expect(tally(verdicts)).toEqual({ VALID: 100, RATE_LIMITED: processes * callers - 100 });
    expect(await used(request.keyId)).toEqual({ [minute]: 100 });
  });

  it('use up no limit where another one, or the budget, refuses', async () => {
    const limits = [limitOf(90, minute), limitOf(80, 3600), limitOf(70, 86_400)];
    const request = useOf({ limits, budget: budgetOf(60) });
    const verdicts = await crowd(async (usage) => usage.count(request));
    expect(tally(verdicts)).toEqual({ VALID: 60, USAGE_EXCEEDED: processes * callers - 60 });
    expect(await used(request.keyId)).toEqual({ 0: 60, [minute]: 60, 3600: 60, 86400: 60 });
  });

  it('share transactions: those of one process are far fewer than its uses', async () => {
    const request = useOf({ limits: [limitOf(1_000_000, minute)] });
    const writes = counters.stores.map((store) => vi.spyOn(store, 'write'));
    await crowd(async (usage) => usage.count(request));
    for (const write of writes) expect(write.mock.calls.length).toBeLessThanOrEqual(4);
    vi.restoreAllMocks();
    expect(await used(request.keyId)).toEqual({ [minute]: processes * callers });
  });

  it('neither block nor miscount each other, whatever keys and costs they come with', async () => {
    const keys = Array.from({ length: 40 }, () =>
      useOf({ limits: [limitOf(20, minute), limitOf(30, 3600)], budget: budgetOf(25) }),
    );
    const verdicts = await crowd(async (usage, index) => {
      const request = { ...(keys[(index * 7) % keys.length] ?? useOf({})), cost: 1 + (index % 9) };
      return { request, code: (await usage.count(request)).code };
    });
    for (const { keyId } of keys) {
      const ours = verdicts.filter(({ request, code }) => request.keyId === keyId && code === 'VALID');
      const spent = ours.reduce((sum, { request }) => sum + request.cost, 0);
      expect(spent).toBeLessThanOrEqual(20);
      // Nobody was refused while there was room for the smallest of them.
      expect(spent).toBeGreaterThan(20 - 9);
      expect(await used(keyId)).toEqual({ 0: spent, [minute]: spent, 3600: spent });
    }
  });

  it('are decided one by one in the order in which they came, as if nobody else were there', async () => {
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const costs = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 30 });
    const allowances = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(costs, allowances, async (all, allowed) => {
        const { keyId } = useOf({});
        const wanted = allowed.map((each, index) => ({
          keyId,
          windowSeconds: minute + index,
          allowed: each,
        }));
        const orders = all.map((cost) => ({ counters: wanted, cost, ahead: 0, unused: [] }));
        const filled = await store.write((trx) => fillAll(trx, orders, counters.clock.now()));
        let left = Math.min(...allowed);
        for (const [index, cost] of all.entries()) {
          expect(filled[index]?.isAccepted).toBe(cost <= left);
          if (cost <= left) left -= cost;
        }
      }),
      { numRuns: 50 },
    );
  });

  describe('fast', () => {
    it('are accepted at most as often as the limit allows in each window, whatever happens when', async () => {
      const [store] = counters.stores;
      if (store === undefined) throw new Error('no store');
      const act = fc.record({
        by: fc.nat({ max: 2 }),
        what: fc.constantFrom('use', 'use', 'use', 'lend', 'wait', 'return', 'crash'),
        amount: fc.integer({ min: 1, max: 60 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 30, maxLength: 60 }), async (acts) => {
          const start = () => createKeyUsage({ store, clock: counters.clock }, () => undefined);
          const running = [start(), start(), start()];
          const request = useOf({ limits: [limitOf(400, 10, 'fast')], budget: budgetOf(1500, 'fast') });
          const spent: { readonly at: number; readonly units: number }[] = [];
          const windows = new Set<number>();
          for (const { by, what, amount } of acts) {
            const usage = running[by] as KeyUsage;
            if (what === 'wait') counters.clock.advance(amount * 50);
            else if (what === 'return') await usage.returnIdle();
            else if (what === 'crash') running[by] = start();
            else {
              const verifier = what === 'lend' ? `verifier-${amount % 3}` : undefined;
              const { code, units } = await usage.count({ ...request, cost: amount, verifier });
              if (code === 'VALID') spent.push({ at: counters.clock.now(), units: amount + units });
            }
            const rows = await readCounters(store.db, [request.keyId], counters.clock.now());
            for (const row of rows.values()) if (row.windowSeconds !== 0) windows.add(row.startedAt);
          }
          const sum = (from: number, to: number) =>
            spent.reduce((total, { at, units }) => total + (at >= from && at < to ? units : 0), 0);
          for (const startedAt of windows)
            expect(sum(startedAt, startedAt + 10_000)).toBeLessThanOrEqual(400);
          expect(sum(0, Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(1500);
          for (const usage of running) await usage.close();
        }),
        { numRuns: 20 },
      );
    });

    it('are refused early by exactly the bound where all others hold a slice and go idle', async () => {
      const request = useOf({ limits: [limitOf(6000, minute, 'fast')] });
      const [busy, ...idle] = all;
      let accepted = 0;
      for (const usage of idle) accepted += (await usage.count(request)).code === 'VALID' ? 1 : 0;
      while ((await busy?.count(request))?.code === 'VALID') accepted += 1;
      expect(accepted).toBe(6000 - (processes - 1) * 60);
    });

    it('are never accepted more often than the limit allows, and refused early by the published bound', async () => {
      const limit = 1000;
      const request = useOf({ limits: [limitOf(limit, minute, 'fast')] });
      let accepted = 0;
      await crowd(async (usage) => {
        while ((await usage.count(request)).code === 'VALID') accepted += 1;
      });
      expect(accepted).toBeLessThanOrEqual(limit);
      expect(accepted).toBeGreaterThanOrEqual(limit - (processes - 1) * (limit / 100));
      counters.clock.advance(2_000);
      for (const usage of all) await usage.returnIdle();
      expect(await used(request.keyId)).toEqual({ [minute]: accepted });
      while ((await all[0]?.count(request))?.code === 'VALID') accepted += 1;
      expect(accepted).toBe(limit);
    });
  });
});

describeEachEngine('a database that cannot be reached', (open) => {
  it('lets nothing pass that has to be counted, and what does not', async () => {
    const { processes: running, stores, clock } = await startCounters(open);
    const [usage] = running;
    const [store] = stores;
    if (usage === undefined || store === undefined) throw new Error('no process');
    const fast = useOf({ limits: [limitOf(1000, minute, 'fast')] });
    await usage.count(fast);
    await store.close();
    const unavailable = { code: 'UNAVAILABLE' };
    await expect(usage.count(useOf({ limits: [limitOf(5, minute)] }))).rejects.toMatchObject(unavailable);
    await expect(usage.count(useOf({ budget: budgetOf(500, 'fast') }))).rejects.toMatchObject(unavailable);
    expect(usage.count(useOf({}))).toMatchObject({ code: 'VALID' });
    // What is held was counted before.
    expect(usage.count(fast)).toMatchObject({ code: 'VALID' });
    clock.advance(60_000);
    await expect(usage.count(fast)).rejects.toMatchObject(unavailable);
    await usage.close();
  });
});
