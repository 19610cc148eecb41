import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { addMember, addOrganizations } from '../rows-for-tests.sql.ts';
import { findById } from './keys.sql.ts';
import { whereKnown } from './where-known.ts';

const email = 'ann@example.com';

describeEachEngine('a changed key', (open) => {
  let app: TestApp;
  let admin: string;
  let organizationIds: string[];
  beforeAll(async () => {
    app = await startTestApp(await open());
    const { organizationId } = await app.signUp(email);
    organizationIds = [organizationId, ...(await addOrganizations(app.deps.store, email, 1))];
    admin = (await mint('admin')).apiKey;
  });
  afterAll(() => app.close());

  const mint = (family: 'admin' | 'personal') =>
    createByOperator(app.deps, {
      ...{ family, name: 'Key', scopes: ['api-keys:manage'] },
      ...(family === 'personal' && { email }),
    });

  async function addVerifier(organizationId: string): Promise<void> {
    const { revocations } = app.deps;
    await revocations.lease();
    const caller = { organizationId, keyId: 'any', asOf: revocations.applied() };
    const asking = { ...caller, verifier: organizationId, applied: null, mark: '', waitMs: 0 };
    const answer = await revocations.verifiers.ask({ ...asking, hungUp: new AbortController().signal });
    expect(answer.leaseMs).toBeGreaterThan(0);
  }

  /** How many verifiers are waited for, whose leases run out. */
  async function revoke(keyId: string): Promise<number> {
    const { revocations } = app.deps;
    const before = revocations.applied();
    const answering = app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: admin });
    await vi.waitFor(() => expect(revocations.applied()).toBeGreaterThan(before), 5_000);
    app.clock.advance(4_081);
    const { holders } = (await answering).body.data.receipt;
    return holders.filter(({ kind }: { kind: string }) => kind === 'verifier').length;
  }

  it('of a person concerns the verifiers of the organizations that they belong to, and an admin key none', async () => {
    const [rival = ''] = await addOrganizations(app.deps.store, 'bob@example.com', 1);
    for (const id of [...organizationIds, rival]) await addVerifier(id);
    expect(await revoke((await mint('personal')).keyId)).toBe(2);
    for (const id of organizationIds) await addVerifier(id);
    expect(await revoke((await mint('admin')).keyId)).toBe(0);
  });

  it('of a person keeps them from joining another organization until the change is committed', async () => {
    const { store } = app.deps;
    const [other = ''] = await addOrganizations(store, 'carl@example.com', 1);
    const { keyId } = await mint('personal');
    const order: string[] = [];
    let joining: Promise<unknown> | undefined;
    const known = await store.write(async (trx) => {
      const row = await findById(trx, keyId);
      const found = row === undefined ? [] : await whereKnown(trx, row);
      joining = addMember(store, other, email, 'runner').then(() => order.push('joined'));
      // Time enough for somebody whom nothing keeps.
      for (let reads = 0; reads < 100; reads += 1) await findById(trx, keyId);
      order.push('changed');
      return found;
    });
    await joining;
    expect(order).toEqual(['changed', 'joined']);
    expect(known.map(({ organizationId }) => organizationId).toSorted()).toEqual(organizationIds.toSorted());
  });
});
