import { describeEachEngine, type EmptyStore, startTestApp, type TestApp } from '@latchkey/testkit';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterEach, expect, it, vi } from 'vitest';
import { together } from '../calls-for-tests.ts';
import { holdOther, putConfirmation, registerProcess } from './revocation.sql.ts';
import type { Change, Receipt } from './revocations.ts';

const key = { keyId: 'key-1', organizationId: 'org-1' };

describeEachEngine('revocations', (open, engine) => {
  const apps: TestApp[] = [];

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });

  async function start(store: EmptyStore): Promise<TestApp> {
    const app = await startTestApp(store);
    apps.push(app);
    return app;
  }

  /** What a process was told to forget, from now on. */
  function forgotten({ deps }: TestApp): (readonly string[] | 'all')[] {
    const told: (readonly string[] | 'all')[] = [];
    deps.revocations.onChange((keyIds) => told.push(keyIds));
    return told;
  }

  function commit({ deps }: TestApp, keys = [key]): Promise<Change> {
    return deps.store.write((trx) => deps.revocations.invalidate(trx, keys));
  }

  async function change(app: TestApp, keys = [key]): Promise<Receipt> {
    return app.deps.revocations.settle(await commit(app, keys));
  }

  function outcomes({ holders }: Receipt): string[] {
    return holders.map(({ kind, outcome }) => `${kind} ${outcome}`).sort();
  }

  it('wait for nobody where nobody has ever held a lease', async () => {
    const app = await start(await open());
    const receipt = await change(app);
    expect(receipt).toMatchObject({ sequence: 1, holders: [] });
    expect(app.deps.revocations.isLeased()).toBe(false);
  });

  it('are numbered in the order of their commits, and each is settled', async () => {
    const app = await start(await open());
    await app.deps.revocations.lease();
    const receipts = await together(() => change(app));
    expect(receipts.map(({ sequence }) => sequence).toSorted((one, other) => one - other)).toEqual(
      receipts.map((_, index) => index + 1),
    );
    expect(app.deps.revocations.applied()).toBe(64);
  });

  it('are forgotten here before the receipt, by name', async () => {
    const app = await start(await open());
    await app.deps.revocations.lease();
    const told = forgotten(app);
    const receipt = await change(app);
    expect(told).toEqual([['key-1']]);
    expect(outcomes(receipt)).toEqual(['server confirmed']);
  });

  it('of a transaction that is rolled back have not happened', async () => {
    const app = await start(await open());
    await app.deps.revocations.lease();
    const told = forgotten(app);
    const failed = app.deps.store.write(async (trx) => {
      await app.deps.revocations.invalidate(trx, [key]);
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await change(app, [{ ...key, keyId: 'key-2' }])).toMatchObject({ sequence: 1 });
    expect(told).toEqual([['key-2']]);
  });

  it('are forgotten by another process before the receipt', async () => {
    const store = await open();
    const [one, other] = [await start(store), await start(store)];
    await Promise.all([one.deps.revocations.lease(), other.deps.revocations.lease()]);
    const told = forgotten(other);
    const receipt = await change(one);
    expect(outcomes(receipt)).toEqual(['server confirmed', 'server confirmed']);
    // Where changes are not announced, the other one knows only that there was something.
    expect(told).toEqual([engine === 'postgres' ? ['key-1'] : 'all']);
    expect(other.deps.revocations.applied()).toBe(receipt.sequence);
    expect(other.deps.revocations.isLeased()).toBe(true);
  });

  it('are settled by a process that has no lease itself', async () => {
    const store = await open();
    const [one, other] = [await start(store), await start(store)];
    await other.deps.revocations.lease();
    const told = forgotten(other);
    expect(outcomes(await change(one))).toEqual(['server confirmed']);
    expect(told).toHaveLength(1);
  });

  it('that are too many for a message are told in several, up to a bound', async () => {
    const store = await open();
    const [one, other] = [await start(store), await start(store)];
    await other.deps.revocations.lease();
    const told = forgotten(other);
    const keyIds = Array.from({ length: 10_000 }, (_, index) => `clé-${index}`);
    const [some, many] = [keyIds.slice(0, 1_000), keyIds];
    for (const each of [some, many]) {
      const keys = each.map((keyId) => ({ ...key, keyId }));
      expect(outcomes(await change(one, keys))).toEqual(['server confirmed']);
    }
    expect(told).toEqual([engine === 'postgres' ? some : 'all', 'all']);
  });

  it('that race between two processes are each forgotten by both before their receipts', async () => {
    const store = await open();
    const pair = [await start(store), await start(store)] as const;
    await Promise.all(pair.map(({ deps }) => deps.revocations.lease()));
    const forgets = pair.map(forgotten);
    const knows = (told: (readonly string[] | 'all')[], keyId: string) =>
      told.some((each) => each === 'all' || each.includes(keyId));
    const seen = await together(async (index) => {
      const keyId = `key-${index}`;
      const receipt = await change(pair[index % 2 === 0 ? 0 : 1], [{ ...key, keyId }]);
      return { outcomes: outcomes(receipt), forgotten: forgets.map((told) => knows(told, keyId)) };
    });
    expect(seen).toEqual(
      seen.map(() => ({ outcomes: ['server confirmed', 'server confirmed'], forgotten: [true, true] })),
    );
  });

  it('end with a lease, which runs out by itself', async () => {
    const app = await start(await open());
    const { revocations } = app.deps;
    expect(await revocations.lease()).toBe(true);
    app.clock.advance(3_999);
    expect(revocations.isLeased()).toBe(true);
    app.clock.advance(1);
    expect(revocations.isLeased()).toBe(false);
    expect(await revocations.lease()).toBe(true);
  });

  it('wait for a silent process until its lease has run out, and never again', async () => {
    const store = await open();
    const [one, other] = [await start(store), await start(store)];
    await other.deps.revocations.lease();
    await other.deps.store.close();
    const committed = await commit(one);
    const settling = one.deps.revocations.settle(committed);
    other.clock.advance(4_000);
    expect(other.deps.revocations.isLeased()).toBe(false);
    const before = await Promise.race([settling, other.deps.revocations.lease()]);
    expect(before).toBe(false);
    one.clock.advance(4_081);
    expect(outcomes(await settling)).toEqual(['server lease-ended']);
    expect(await change(one)).toMatchObject({ sequence: 2, holders: [] });
  });

  it('strike off no process that has seen a later change and was never told of theirs', async () => {
    const { store } = (await start(await open())).deps;
    const seen = { mark: 'any', holders: '[]', confirmedAt: null, isOfAll: true };
    const saidOf = await store.write(async (trx) => {
      await registerProcess(trx, 'other', 0);
      await putConfirmation(trx, 'other', { ...seen, seq: 3 });
      return [await holdOther(trx, 'other', 1), await holdOther(trx, 'other', 4)].map((each) => each?.said);
    });
    expect(saidOf).toEqual(['seen', undefined]);
  });

  it('make a process that was struck off forget everything and begin anew', async () => {
    const store = await open();
    const [one, other] = [await start(store), await start(store)];
    await other.deps.revocations.lease();
    const told = forgotten(other);
    await one.deps.store.write(async (trx) => {
      await trx.deleteFrom('server_processes').execute();
    });
    await vi.waitFor(() => expect(told).toContain('all'), 5_000);
    await vi.waitFor(async () => expect(await other.deps.revocations.lease()).toBe(true), 5_000);
    expect(outcomes(await change(one))).toEqual(['server confirmed']);
  });

  it('are told of by a receipt that anybody can check', async () => {
    const app = await start(await open());
    await app.deps.revocations.lease();
    const { signed, ...receipt } = await change(app);
    const keySet = (await app.call('/.well-known/jwks.json')).body as JSONWebKeySet;
    const { payload, protectedHeader } = await jwtVerify(signed, createLocalJWKSet(keySet), {
      issuer: app.deps.publicUrl(),
      typ: 'revocation-receipt+jwt',
      currentDate: new Date(app.clock.now()),
    });
    expect(payload).toMatchObject({ ...receipt, keyIds: ['key-1'], jti: 'revocation/1' });
    expect(protectedHeader.alg).toBe('EdDSA');
  });

  it('wait for nobody after all processes have closed', async () => {
    const store = await open();
    const other = await start(store);
    await other.deps.revocations.lease();
    await other.deps.revocations.close();
    expect(other.deps.revocations.isLeased()).toBe(false);
    expect(await other.deps.revocations.lease()).toBe(false);
    expect(await change(await start(store))).toMatchObject({ holders: [] });
  });
});
