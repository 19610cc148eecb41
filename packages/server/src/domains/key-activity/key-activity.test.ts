import type { VerdictCode } from '@latchkey/protocol';
import { createTestClock, describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dayMs, hourMs } from '../../platform/clock.ts';
import { createLogger } from '../../platform/logger.ts';
import { systemRandom } from '../../platform/random.ts';
import { migrate, openPostgres, openSqlite, type Store } from '../../storage/index.ts';
import { tableText } from '../rows-for-tests.sql.ts';
import { refusalsOfKey, usesInOrganization, usesOfKey } from './key-activity.sql.ts';
import { createKeyActivity, type KeyActivity } from './key-activity.ts';
import { sweepActivity } from './sweep.ts';
import { type CountedKey, countedKey, type Refusal } from './tally.ts';

describeEachEngine('the activity of keys', (open) => {
  const clock = createTestClock();
  const hour = Math.floor(clock.now() / hourMs) * hourMs;
  let stores: [Store, Store];
  let [one, other]: KeyActivity[] = [];
  let made = 0;

  beforeAll(async () => {
    const { dataDir, databaseUrl } = await open();
    const openStore = () =>
      databaseUrl ? openPostgres(databaseUrl, createLogger('silent')) : openSqlite(dataDir);
    stores = [openStore(), openStore()];
    await migrate(stores[0]);
    [one, other] = stores.map(process);
  });
  afterAll(async () => {
    await Promise.all([activity().close(), other?.close()]);
    for (const store of stores) await store.close();
  });

  function process(store: Store): KeyActivity {
    return createKeyActivity({ store, random: systemRandom }, () => undefined);
  }
  function activity(): KeyActivity {
    if (one === undefined) throw new Error('not started');
    return one;
  }
  function newKey(organizationId: string | null = null): CountedKey {
    made += 1;
    return countedKey(`key-${made}`, organizationId);
  }
  function refusal(at: number, code: VerdictCode = 'SCOPE_MISSING'): Refusal {
    return { at, code, address: '203.0.113.9', client: 'curl/8.5.0', missing: 'projects:read' };
  }
  const usesOf = ({ keyId }: CountedKey) => usesOfKey(stores[0].db, keyId, 0);

  it('is counted by hour and outcome', async () => {
    const key = newKey();
    for (const at of [hour, hour + 1, hour + hourMs - 1, hour + hourMs]) activity().accept(key, at);
    activity().refuse(key, refusal(hour + 5, 'EXPIRED'));
    await activity().flush();
    expect(await usesOf(key)).toEqual([
      { hour, outcome: expect.any(String), uses: expect.any(Number) },
      { hour, outcome: expect.any(String), uses: expect.any(Number) },
      { hour: hour + hourMs, outcome: 'VALID', uses: 1 },
    ]);
    const first = (await usesOf(key)).slice(0, 2).map(({ outcome, uses }) => [outcome, uses]);
    expect(Object.fromEntries(first)).toEqual({ EXPIRED: 1, VALID: 3 });
  });

  it('goes on where a flush has written before, also by one who held what was counted', async () => {
    const key = newKey();
    for (let flush = 0; flush < 3; flush += 1) {
      activity().accept(key, hour);
      await activity().flush();
    }
    expect(await usesOf(key)).toEqual([{ hour, outcome: 'VALID', uses: 3 }]);
  });

  it('counts what is known of one key twice as one', async () => {
    const key = newKey();
    activity().accept(key, hour);
    activity().accept({ ...key, tally: undefined }, hour);
    await activity().flush();
    expect(await usesOf(key)).toEqual([{ hour, outcome: 'VALID', uses: 2 }]);
  });

  it('follows a clock that is moved back, and forgets nothing', async () => {
    const key = newKey();
    for (const at of [hour + hourMs, hour, hour + hourMs]) activity().accept(key, at);
    await activity().flush();
    expect((await usesOf(key)).map((each) => [each.hour, each.uses])).toEqual([
      [hour, 1],
      [hour + hourMs, 2],
    ]);
  });

  it('adds up in an organization, a personal key where it is used', async () => {
    const first = newKey('acme');
    const personal = newKey('acme');
    const elsewhere = { ...personal, organizationId: 'rival', tally: undefined };
    for (const key of [first, first, personal, elsewhere, newKey()]) activity().accept(key, hour);
    await activity().flush();
    const inOrganization = (id: string) => usesInOrganization(stores[0].db, id, hour);
    expect(await inOrganization('acme')).toEqual([{ hour, outcome: 'VALID', uses: 3 }]);
    expect(await inOrganization('rival')).toEqual([{ hour, outcome: 'VALID', uses: 1 }]);
    expect(await usesOf(personal)).toEqual([{ hour, outcome: 'VALID', uses: 2 }]);
  });

  it('is added up by all processes, however many write at once', async () => {
    const keys = Array.from({ length: 30 }, () => newKey('crowd'));
    const processes = Array.from({ length: 8 }, (_, at) => process(stores[at % 2 === 0 ? 0 : 1]));
    for (const [at, each] of processes.entries()) {
      // In another order by each.
      for (const key of at % 2 === 0 ? keys : [...keys].reverse()) {
        const own = { ...key, tally: undefined };
        for (let use = 0; use < 5; use += 1) each.accept(own, hour);
        each.refuse(own, refusal(hour + at));
      }
    }
    await Promise.all(processes.map((each) => each.close()));
    for (const key of keys) {
      const uses = Object.fromEntries((await usesOf(key)).map((each) => [each.outcome, each.uses]));
      expect(uses).toEqual({ VALID: 40, SCOPE_MISSING: 8 });
      expect(await refusalsOfKey(stores[0].db, key.keyId)).toHaveLength(8);
    }
    const [valid] = (await usesInOrganization(stores[0].db, 'crowd', hour)).filter(
      ({ outcome }) => outcome === 'VALID',
    );
    expect(valid?.uses).toBe(30 * 40);
  });

  it('is written a hundred keys at a time, and not at all where nothing was used', async () => {
    const write = vi.spyOn(stores[0], 'write');
    await activity().flush();
    expect(write).not.toHaveBeenCalled();
    for (let count = 0; count < 250; count += 1) activity().accept(newKey(), hour);
    await activity().flush();
    expect(write).toHaveBeenCalledTimes(3);
    write.mockRestore();
  });

  it('is kept for the next flush where one fails, and goes on being counted', async () => {
    const key = newKey('broken');
    let isBroken = true;
    const write: Store['write'] = (work) =>
      isBroken ? Promise.reject(new Error('no disk')) : stores[0].write(work);
    const failing = process({ ...stores[0], write });
    failing.accept(key, hour);
    failing.refuse(key, refusal(hour));
    await expect(failing.flush()).rejects.toThrow('no disk');
    failing.accept(key, hour);
    isBroken = false;
    await failing.close();
    const uses = (await usesOf(key)).map(({ outcome, uses }) => [outcome, uses]);
    expect(Object.fromEntries(uses)).toEqual({ VALID: 2, SCOPE_MISSING: 1 });
    expect(await refusalsOfKey(stores[0].db, key.keyId)).toEqual([refusal(hour)]);
  });

  describe('refusals', () => {
    it('are kept as they came, the last twenty of each key, newest first', async () => {
      const [key, quiet] = [newKey(), newKey()];
      activity().refuse(quiet, refusal(hour));
      for (let at = 0; at < 15; at += 1) activity().refuse(key, refusal(hour + at));
      await activity().flush();
      for (let at = 15; at < 50; at += 1) activity().refuse(key, refusal(hour + at));
      await activity().flush();
      const kept = await refusalsOfKey(stores[0].db, key.keyId);
      expect(kept).toEqual(Array.from({ length: 20 }, (_, at) => refusal(hour + 49 - at)));
      expect(await refusalsOfKey(stores[0].db, quiet.keyId)).toEqual([refusal(hour)]);
      const rows = (await tableText(stores[0], 'key_refusals')).split(`"${key.keyId}"`).length - 1;
      expect(rows).toBe(20);
      expect((await usesOf(key)).map(({ uses }) => uses)).toEqual([50]);
    });
  });

  it('is forgotten after thirty days, and not before', async () => {
    const old = newKey('swept');
    // More than one transaction of the sweep takes.
    for (let ago = 0; ago < 600; ago += 1) activity().accept(old, hour - ago * hourMs);
    activity().refuse(old, refusal(hour));
    await activity().flush();
    clock.advance(hour + 30 * dayMs - clock.now());
    await sweepActivity({ store: stores[0], clock });
    expect((await usesOf(old)).map((each) => each.hour)).toEqual([hour, hour]);
    expect(await usesInOrganization(stores[0].db, 'swept', 0)).toHaveLength(2);
    expect(await refusalsOfKey(stores[0].db, old.keyId)).toHaveLength(1);
    clock.advance(1);
    await sweepActivity({ store: stores[0], clock });
    expect(await usesOf(old)).toEqual([]);
    expect(await usesInOrganization(stores[0].db, 'swept', 0)).toEqual([]);
    expect(await refusalsOfKey(stores[0].db, old.keyId)).toEqual([]);
  });

  it('keeps no refusal that a moved clock has left far ahead', async () => {
    const key = newKey();
    const now = clock.now();
    activity().refuse(key, refusal(now + 400 * dayMs));
    activity().refuse(key, refusal(now));
    await activity().flush();
    await sweepActivity({ store: stores[0], clock });
    expect(await refusalsOfKey(stores[0].db, key.keyId)).toEqual([refusal(now)]);
  });
});
