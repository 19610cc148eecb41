import type { Input, Output } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Receipt } from './revocations.ts';

/** As a backup that is brought back does it, or a replica that takes over before it has heard of everything. */
describeEachEngine('a database that is set back to an earlier state', (open) => {
  let one: TestApp;
  let other: TestApp;
  let organizationId: string;
  let owner: string;

  beforeEach(async () => {
    const store = await open();
    one = await startTestApp(store);
    const signup = await one.signUp('owner@example.com', 'Acme');
    organizationId = signup.organizationId;
    owner = signup.apiKey.raw;
    other = await startTestApp(store);
    await Promise.all([one, other].map(({ deps }) => deps.revocations.lease()));
  });
  afterEach(async () => {
    for (const app of [one, other]) app.clock.advance(10_000);
    await Promise.all([one, other].map((app) => app.close()));
  });

  async function mint(): Promise<{ keyId: string; apiKey: string }> {
    const path = `/v1/organizations/${organizationId}/keys`;
    const body = { name: 'Key', scopes: ['keys:verify'] };
    return (await one.call(path, { body, key: owner })).body.data;
  }

  async function change(app = one, keyId = 'any'): Promise<Receipt> {
    const { store, revocations } = app.deps;
    const keys = [{ keyId, organizationId }];
    return revocations.settle(await store.write((trx) => revocations.invalidate(trx, keys)));
  }

  /** Keeps the counter as it is, to be brought back. */
  async function backup(): Promise<() => Promise<void>> {
    const { db, write } = one.deps.store;
    const { id, ...counter } = await db
      .selectFrom('revocation_counter')
      .selectAll()
      .executeTakeFirstOrThrow();
    return () =>
      write(async (trx) => {
        await trx.updateTable('revocation_counter').set(counter).where('id', '=', id).execute();
        await trx.deleteFrom('revocation_confirmations').where('seq', '>', counter.seq).execute();
      });
  }

  async function revoke(keyId: string): Promise<Receipt> {
    const answer = await one.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: owner });
    return answer.body.data.receipt;
  }

  const statuses = (key: string) =>
    Promise.all([one, other].map(async (app) => (await app.call('/v1/whoami', { key })).status));
  const positionOf = ({ deps }: TestApp) => deps.revocations.applied();
  const applied = (app: TestApp, seq: number) =>
    vi.waitFor(() => expect(positionOf(app)).toBe(seq), { timeout: 5_000 });

  it('lets nobody accept a key that is revoked afterwards, under a number that was given out before', async () => {
    const { keyId, apiKey } = await mint();
    const restore = await backup();
    for (let number = 0; number < 3; number += 1) await change();
    expect(await statuses(apiKey)).toEqual([200, 200]);
    const before = positionOf(one);
    await restore();
    const receipt = await revoke(keyId);
    expect(receipt.sequence).toBeLessThan(before);
    expect(receipt.holders.map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed']);
    expect(await statuses(apiKey)).toEqual([401, 401]);
    expect(one.deps.revocations.isLeased() || (await one.deps.revocations.lease())).toBe(true);
  });

  it('is noticed where it has come to the same number by other changes', async () => {
    const restore = await backup();
    await change(one, 'lost');
    await applied(other, positionOf(one));
    const told: unknown[] = [];
    other.deps.revocations.onChange((keyIds) => told.push(keyIds));
    await restore();
    await change(one, 'kept');
    await vi.waitFor(() => expect(told).toContain('all'), { timeout: 5_000 });
    expect(positionOf(other)).toBe(positionOf(one));
  });

  it('makes a process that reads a lower number begin anew, and be waited for under the same row', async () => {
    const restore = await backup();
    for (let number = 0; number < 3; number += 1) await change();
    await applied(other, positionOf(one));
    await restore();
    const low = positionOf(one) - 3;
    await Promise.all([applied(one, low), applied(other, low)]);
    const { holders } = await change();
    expect(holders.map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed']);
  });

  it('makes verifiers forget everything and take the lower number, and confirms nothing by what they say of the old ones', async () => {
    const { keyId, apiKey } = await mint();
    const ask = async (asking: Partial<Input<'verifiers.renewLease'>>) => {
      const body = { verifier: 'one', applied: null, waitMs: 0, ...asking };
      const answer = await one.call('/v1/verifiers/lease', { body, key: apiKey });
      return answer.body.data as Output<'verifiers.renewLease'>;
    };
    await change(one, keyId);
    const restore = await backup();
    for (let number = 0; number < 3; number += 1) await change();
    const { cursor, mark } = await ask({});
    expect(await ask({ applied: cursor, mark })).toMatchObject({ cursor, mark, reset: false });
    await restore();
    const low = cursor - 3;
    await applied(one, low);
    const again = await ask({ applied: cursor, mark });
    expect(again).toMatchObject({ cursor: low, reset: true });
    const settling = change(one, keyId);
    await applied(one, low + 1);
    await ask({ applied: cursor, mark, verifier: 'one' });
    one.clock.advance(4_100);
    const { holders } = await settling;
    const verifiers = holders.filter(({ kind }) => kind === 'verifier');
    expect(verifiers).toMatchObject([{ holder: 'one', outcome: 'lease-ended' }]);
  });
});
