import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Input, Output } from '@latchkey/protocol';
import { createApp } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { refusal, together } from '../calls-for-tests.ts';
import type { ChangedKey, Receipt } from './revocations.ts';

type Asking = Partial<Input<'verifiers.renewLease'>>;
type Lease = Output<'verifiers.renewLease'>;

describeEachEngine('verifiers', (open) => {
  let app: TestApp;
  let organizationId: string;
  let key: { keyId: string; apiKey: string };
  /** Of the cursors that were answered. */
  const marks = new Map<number, string>();

  beforeEach(async () => {
    marks.clear();
    app = await startTestApp(await open());
    const signup = await app.signUp('owner@example.com', 'Acme');
    organizationId = signup.organizationId;
    key = await mint(signup.apiKey.raw);
  });
  afterEach(async () => {
    // What they hold would be waited for.
    app.clock.advance(10_000);
    await app.close();
  });

  async function mint(by: string) {
    const path = `/v1/organizations/${organizationId}/keys`;
    const { body } = await app.call(path, { body: { name: 'Verifier', scopes: ['keys:verify'] }, key: by });
    return body.data;
  }

  async function ask(asking: Asking = {}, by = key.apiKey): Promise<Lease> {
    const mark = marks.get(asking.applied ?? 0) ?? '';
    const body = { verifier: 'one', applied: null, mark, waitMs: 0, ...asking };
    const answer = await app.call('/v1/verifiers/lease', { body, key: by });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    marks.set(answer.body.data.cursor, answer.body.data.mark);
    return answer.body.data;
  }

  async function change(keys: readonly ChangedKey[]): Promise<Receipt> {
    const { store, revocations } = app.deps;
    return revocations.settle(await store.write((trx) => revocations.invalidate(trx, keys)));
  }

  const own = (keyId = 'key-1') => ({ keyId, organizationId });
  const others = { keyId: 'key-2', organizationId: 'another' };
  const verifiersOf = ({ holders }: Receipt) => holders.filter(({ kind }) => kind === 'verifier');
  const applied = (seq: number) => vi.waitFor(() => expect(app.deps.revocations.applied()).toBe(seq), 5_000);
  /** Lets what has arrived be read. */
  const nextTurns = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('are given a lease, and told to begin with nothing', async () => {
    expect(await ask()).toEqual({
      ...{ cursor: 0, mark: '', leaseMs: 4_000, reset: true, keyIds: [] },
      now: app.clock.now(),
    });
  });

  it('never get a lease beyond that of the server', async () => {
    await ask();
    app.clock.advance(1_500);
    const { leaseMs } = await ask();
    expect(leaseMs).toBe(2_500);
  });

  it('never get a lease beyond that of a server that was suspended, whose steady clock stood still', async () => {
    await ask();
    const now = app.clock.now.bind(app.clock);
    vi.spyOn(app.clock, 'now').mockImplementation(() => now() + 1_500);
    const { leaseMs } = await ask();
    expect(leaseMs).toBe(2_500);
  });

  it('are answered when something changes, and end the wait for them by asking again', async () => {
    await ask();
    const polled = ask({ applied: 0, waitMs: 20_000 });
    await nextTurns();
    let isSettled = false;
    const settling = change([own()]).finally(() => {
      isSettled = true;
    });
    expect(await polled).toMatchObject({ cursor: 1, reset: false, keyIds: ['key-1'], leaseMs: 4_000 });
    await nextTurns();
    expect(isSettled).toBe(false);
    await ask({ applied: 1 });
    expect(verifiersOf(await settling)).toEqual([
      { holder: 'one', kind: 'verifier', outcome: 'confirmed', at: new Date(app.clock.now()).toISOString() },
    ]);
  });

  it('are waited for until their leases have run out, however slow their clocks are', async () => {
    await ask();
    const settling = change([own()]);
    await applied(1);
    app.clock.advance(4_080);
    expect(await Promise.race([settling, ask({ verifier: 'two' })])).toHaveProperty('leaseMs');
    app.clock.advance(1);
    expect(verifiersOf(await settling)).toMatchObject([{ holder: 'one', outcome: 'lease-ended' }]);
  });

  it('hold nobody up by asking for the same again and again', async () => {
    await ask();
    const settling = change([own()]);
    await applied(1);
    app.clock.advance(3_000);
    expect(await ask({ applied: 0 })).toMatchObject({ cursor: 1, keyIds: ['key-1'] });
    app.clock.advance(1_081);
    expect(verifiersOf(await settling)).toMatchObject([{ holder: 'one', outcome: 'lease-ended' }]);
  });

  it('neither hear of the keys of another organization nor are waited for because of them', async () => {
    await ask();
    expect(verifiersOf(await change([others]))).toEqual([]);
    expect(await ask({ applied: 0 })).toMatchObject({ cursor: 1, reset: false, keyIds: [] });
  });

  it('hear nothing of a key that no verifier knows', async () => {
    await ask();
    expect(verifiersOf(await change([{ keyId: 'key-3', organizationId: null }]))).toEqual([]);
    expect(await ask({ applied: 0 })).toMatchObject({ cursor: 1, reset: false, keyIds: [] });
  });

  it('are not named to others who know the key too', async () => {
    await ask();
    const settling = change([own(), { ...others, keyId: 'key-1' }]);
    await applied(1);
    expect(await ask({ applied: 0 })).toMatchObject({ cursor: 1, keyIds: ['key-1'] });
    await ask({ applied: 1 });
    expect(verifiersOf(await settling)).toMatchObject([
      { holder: expect.stringMatching(/^verifier-[0-9a-f]{16}$/), outcome: 'confirmed' },
    ]);
  });

  it('are waited for because of a key that they are still being told of, by whatever else is taken from it', async () => {
    await ask();
    const leaving = change([own()]);
    await applied(1);
    let isSettled = false;
    const revoking = change([{ keyId: 'key-1', organizationId: null }]).finally(() => {
      isSettled = true;
    });
    await change([{ keyId: 'key-2', organizationId: null }]);
    await nextTurns();
    expect(isSettled).toBe(false);
    const { cursor } = await ask({ applied: 0 });
    await ask({ applied: cursor });
    expect(verifiersOf(await revoking)).toEqual([]);
    expect(verifiersOf(await leaving)).toMatchObject([{ holder: 'one', outcome: 'confirmed' }]);
  });

  it('that are too far behind are to forget everything', async () => {
    await app.deps.revocations.lease();
    for (let number = 0; number < 1_010; number += 1) {
      await change([others]);
      if (number < 20) await ask({ verifier: 'another' });
    }
    expect(await ask({ applied: 20 })).toMatchObject({ reset: false, cursor: 1_010 });
    expect(await ask({ applied: 5 })).toMatchObject({ reset: true, cursor: 1_010 });
  });

  it('that give their lease back are not waited for', async () => {
    await ask();
    const released = await app.call('/v1/verifiers/release', { body: { verifier: 'one' }, key: key.apiKey });
    expect(released.body.data).toEqual({ released: true });
    expect(verifiersOf(await change([own()]))).toEqual([]);
  });

  it('lose the lease when the key that they ask with is changed', async () => {
    await ask();
    const polled = ask({ applied: 0, waitMs: 20_000 });
    await nextTurns();
    const settling = change([own(key.keyId)]);
    expect(await polled).toMatchObject({ leaseMs: 0, keyIds: [key.keyId] });
    await ask({ applied: 1 });
    await settling;
  });

  it('get no lease by a key that was changed since it was found to be good, before they asked', async () => {
    const { revocations } = app.deps;
    await revocations.lease();
    const caller = { organizationId, keyId: key.keyId, asOf: revocations.applied() };
    await change([own(key.keyId)]);
    const asking = { ...caller, verifier: 'two', applied: null, mark: '', waitMs: 0 };
    const answer = revocations.verifiers.ask({ ...asking, hungUp: new AbortController().signal });
    expect(await answer).toMatchObject({ leaseMs: 0 });
  });

  it('beyond the thousandth of an organization get no lease until others have run out', async () => {
    for (let number = 0; number < 1_000; number += 1) {
      const { revocations } = app.deps;
      const caller = { organizationId, keyId: key.keyId, asOf: 0 };
      const asking = { ...caller, verifier: `v-${number}`, applied: null, mark: '', waitMs: 0 };
      await revocations.verifiers.ask({ ...asking, hungUp: new AbortController().signal });
    }
    expect(await ask()).toMatchObject({ leaseMs: 0 });
    expect(await ask({ verifier: 'v-7' })).toMatchObject({ leaseMs: 4_000 });
    app.clock.advance(4_100);
    expect(await ask()).toMatchObject({ leaseMs: 4_000 });
  });

  it('that poll together are each told of each change', async () => {
    const leases = await together(async (index) => ask({ verifier: `v-${index}` }));
    expect(new Set(leases.map(({ leaseMs }) => leaseMs))).toEqual(new Set([4_000]));
    const polls = together(async (index) => {
      const told = await ask({ verifier: `v-${index}`, applied: 0, waitMs: 20_000 });
      await ask({ verifier: `v-${index}`, applied: told.cursor });
      return told.keyIds;
    });
    await nextTurns();
    const receipt = await change([own()]);
    expect(await polls).toEqual(Array.from({ length: 64 }, () => ['key-1']));
    expect(verifiersOf(receipt).map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 64 }, () => 'confirmed'),
    );
  });

  it('need the scope for verifying', async () => {
    const signup = await app.signUp('other@example.com', 'Other');
    const answer = await app.call('/v1/verifiers/lease', {
      body: { verifier: 'one', applied: null },
      key: signup.apiKey.raw,
    });
    expect(refusal(answer)).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  });

  it('that hang up leave nothing behind, and a server that stops answers those who wait', async () => {
    const server = await createApp(app.deps);
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    const poll = (signal?: AbortSignal) =>
      fetch(`http://127.0.0.1:${port}/v1/verifiers/lease`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-process-manager-key': key.apiKey },
        body: JSON.stringify({ verifier: 'one', applied: 0, waitMs: 20_000 }),
        ...(signal && { signal }),
      });
    await app.deps.revocations.lease();
    const hangingUp = new AbortController();
    const arrived = once(server.server, 'request');
    const abandoned = poll(hangingUp.signal);
    await arrived;
    await nextTurns();
    hangingUp.abort();
    await expect(abandoned).rejects.toThrow();
    const again = once(server.server, 'request');
    const kept = poll();
    await again;
    await nextTurns();
    await server.close();
    expect(await (await kept).json()).toMatchObject({ data: { cursor: 0, leaseMs: 0 } });
    expect(verifiersOf(await change([own()]))).toEqual([]);
  });
});
