import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Store } from '../../storage/index.ts';
import type { UseRequest } from './counters.ts';
import { readCounters } from './key-usage.sql.ts';
import { createKeyUsage, type KeyUsage } from './key-usage.ts';
import { budgetOf, type Counters, limitOf, startCounters, tally, useOf } from './usage-for-tests.ts';
import type { UseVerdict } from './use-verdict.ts';

const minute = 60;

describeEachEngine('a key that is counted fast', (open) => {
  let counters: Counters;
  let one: KeyUsage;
  let other: KeyUsage;
  beforeAll(async () => {
    counters = await startCounters(open, 2);
    [one, other] = counters.processes as [KeyUsage, KeyUsage];
  });
  afterEach(() => expect(counters.errors).toEqual([]));
  afterAll(() => counters.close());

  /** A slice of its limit is 10. */
  const tenSlices = () => useOf({ limits: [limitOf(1000, minute, 'fast')] });

  async function counted({ keyId }: UseRequest): Promise<Record<number, number>> {
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const rows = await readCounters(store.db, [keyId], counters.clock.now());
    return Object.fromEntries([...rows.values()].map(({ windowSeconds, used }) => [windowSeconds, used]));
  }

  async function useUp(usage: KeyUsage, request: UseRequest): Promise<number> {
    let accepted = 0;
    while ((await usage.count(request)).code === 'VALID') accepted += 1;
    return accepted;
  }

  /** Gives back whatever is held: nothing was used for long enough. */
  async function idle(...usages: readonly KeyUsage[]): Promise<void> {
    counters.clock.advance(2_000);
    for (const usage of usages) await usage.returnIdle();
  }

  function startBeside(store: Store): KeyUsage {
    return createKeyUsage({ store, clock: counters.clock }, (error) => counters.errors.push(error));
  }

  it('is answered at once, without a write, from units taken ahead of need', async () => {
    const request = tenSlices();
    await one.count(request);
    expect(await counted(request)).toEqual({ [minute]: 11 });
    const writes = counters.stores.map((store) => vi.spyOn(store, 'write'));
    for (let time = 0; time < 5; time += 1) expect(one.count(request)).toMatchObject({ code: 'VALID' });
    for (const write of writes) expect(write).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('is topped up before the units are used, so that nobody waits', async () => {
    const request = tenSlices();
    await one.count(request);
    const write = vi.spyOn(counters.stores[0] as (typeof counters.stores)[0], 'write');
    for (let time = 0; time < 6; time += 1) void one.count(request);
    expect(write).toHaveBeenCalledTimes(1);
    await write.mock.results[0]?.value;
    write.mockRestore();
    expect(await counted(request)).toEqual({ [minute]: 17 });
    for (let time = 0; time < 5; time += 1) expect(one.count(request)).toMatchObject({ code: 'VALID' });
  });

  it('holds no more than a slice, however many ask at once', async () => {
    const request = tenSlices();
    const verdicts = await Promise.all(Array.from({ length: 64 }, async () => one.count(request)));
    expect(tally(verdicts)).toEqual({ VALID: 64 });
    expect((await counted(request))[minute]).toBeLessThanOrEqual(64 + 10);
  });

  it('is refused early by no more than the slices that others hold, and not at all once those are given back', async () => {
    const request = tenSlices();
    await other.count(request);
    const accepted = await useUp(one, request);
    expect(accepted).toBe(1000 - 1 - 10);
    await idle(other);
    expect(await useUp(one, request)).toBe(10);
    expect(await useUp(other, request)).toBe(0);
  });

  it('takes less ahead the less is left', async () => {
    const request = tenSlices();
    await one.count({ ...request, cost: 900 });
    await idle(one);
    await other.count(request);
    expect((await counted(request))[minute]).toBe(901 + Math.floor(99 / 16));
  });

  it('takes nothing ahead of a limit below 100', async () => {
    const request = useOf({ limits: [limitOf(99, minute, 'fast'), limitOf(100_000, 3600, 'fast')] });
    await one.count(request);
    expect(await counted(request)).toEqual({ [minute]: 1, 3600: 1 });
  });

  it('gives back at the end of a window what other windows can still use', async () => {
    const request = useOf({
      limits: [limitOf(1000, 1, 'fast'), limitOf(1000, minute, 'fast')],
      budget: budgetOf(1000, 'fast'),
    });
    await one.count(request);
    expect(await counted(request)).toEqual({ 1: 11, [minute]: 11, 0: 11 });
    counters.clock.advance(1_000);
    await one.returnIdle();
    expect(await counted(request)).toEqual({ [minute]: 1, 0: 1 });
  });

  it('does not spend in a window what was taken in the one before', async () => {
    const request = tenSlices();
    await one.count(request);
    counters.clock.advance(60_000);
    expect(await useUp(other, request)).toBe(1000);
    expect(await useUp(one, request)).toBe(0);
  });

  it('gives back what is held where the key becomes exact, and then misses nothing', async () => {
    const request = tenSlices();
    await one.count(request);
    const exact = { ...request, limits: [limitOf(1000, minute)] };
    expect(await useUp(one, exact)).toBe(999);
  });

  it('puts together what is held and what is left, for a use of several units', async () => {
    const request = useOf({ limits: [limitOf(1000, minute, 'fast')], cost: 3 });
    expect(await useUp(one, request)).toBe(333);
    expect(await useUp(one, { ...request, cost: 1 })).toBe(1);
  });

  it('gives everything back when the server ends', async () => {
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const request = tenSlices();
    const ending = startBeside(store);
    await ending.count(request);
    for (let time = 0; time < 6; time += 1) void ending.count(request);
    await ending.close();
    expect(await counted(request)).toEqual({ [minute]: 7 });
  });

  it('lends nothing of what is given back because the server ends', async () => {
    const [store] = counters.stores;
    if (store === undefined) throw new Error('no store');
    const ending = startBeside(store);
    const counted = ending.count({ ...tenSlices(), verifier: 'orders-1' });
    await ending.close();
    expect(await counted).toMatchObject({ code: 'VALID', units: 0, unitsUntil: null });
  });

  it('lends a verifier more each time that it comes back in time, and counts that as spent', async () => {
    const request = { ...useOf({ limits: [limitOf(10_000, minute, 'fast')] }), verifier: 'orders-1' };
    const lent: number[] = [];
    for (let time = 0; time < 9; time += 1) lent.push((await one.count(request)).units);
    expect(lent).toEqual([1, 2, 4, 8, 16, 32, expect.any(Number), expect.any(Number), expect.any(Number)]);
    expect(Math.max(...lent)).toBeLessThanOrEqual(100);
    const sum = lent.reduce((total, units) => total + units) + lent.length;
    await idle(one);
    expect(await counted(request)).toEqual({ [minute]: sum });
  });

  it('says until when: five seconds, or the end of the window', async () => {
    const request = { ...tenSlices(), verifier: 'orders-1' };
    expect(await one.count(request)).toMatchObject({ units: 1, unitsUntil: counters.clock.now() + 5_000 });
    counters.clock.advance(58_000);
    expect(await one.count(request)).toMatchObject({ units: 1, unitsUntil: counters.clock.now() + 2_000 });
  });

  it('lets verifiers that do not come back waste no more than one slice of a window', async () => {
    const request = tenSlices();
    let lent = 0;
    for (let time = 0; time < 64; time += 1) {
      const verdict: UseVerdict = await one.count({ ...request, verifier: `verifier-${time}` });
      expect(verdict.code).toBe('VALID');
      lent += verdict.units;
    }
    expect(lent).toBe(10);
    await idle(one);
    expect(await counted(request)).toEqual({ [minute]: 64 + 10 });
  });
});
