import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../../storage/index.ts';
import { countRows } from '../rows-for-tests.sql.ts';
import { countRolling, deleteRolledOver, rollingEnd } from './rolling.sql.ts';

const limit = 5;
const windowMs = 1000;
const start = Date.UTC(2026, 0, 1);

describeEachEngine('a rolling limit', (open) => {
  let app: TestApp;
  let store: Store;
  let names = 0;
  beforeAll(async () => {
    app = await startTestApp(await open());
    store = app.deps.store;
  });
  afterAll(() => app.close());

  function counter() {
    names += 1;
    const counted = { name: `counted ${names}`, limit, windowMs };
    return {
      count: (now: number) => store.write((trx) => countRolling(trx, counted, now)),
      end: (now: number) => rollingEnd(store.db, counted, now),
    };
  }

  it('admits whatever no window before it is full of, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 400 }), { maxLength: 40 }), async (pauses) => {
        const { count, end } = counter();
        const admitted: number[] = [];
        let now = start;
        for (const pause of pauses) {
          now += pause;
          const recent = admitted.filter((at) => at > now - windowMs);
          expect(await end(now)).toBe(recent.length < limit ? undefined : (recent[0] ?? 0) + windowMs);
          expect(await count(now)).toBe(recent.length < limit);
          if (recent.length < limit) admitted.push(now);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('admits as many of 64 at once as are left', async () => {
    const { count } = counter();
    await count(start);
    const admitted = await Promise.all(Array.from({ length: 64 }, () => count(start + 1)));
    expect(admitted.filter(Boolean)).toHaveLength(limit - 1);
  });

  it('is not held up by instants that a moved clock has put far ahead', async () => {
    const { count } = counter();
    for (let times = 0; times < limit; times += 1) await count(start + 10 * windowMs);
    expect(await count(start)).toBe(true);
  });

  it('is forgotten when nothing of it counts any more, and not before', async () => {
    await store.write((trx) => deleteRolledOver(trx, start + 100 * windowMs));
    const { count } = counter();
    await count(start);
    await count(start + 500);
    await store.write((trx) => deleteRolledOver(trx, start + 500 + windowMs - 1));
    expect(await countRows(store, 'rolling_limits')).toBe(1);
    await store.write((trx) => deleteRolledOver(trx, start + 500 + windowMs));
    expect(await countRows(store, 'rolling_limits')).toBe(0);
  });
});
