import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hourMs, toIso } from '../../platform/clock.ts';
import { refusal } from '../calls-for-tests.ts';
import { type Company, foundCompany, keyOf, made } from '../instances/instances-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { overdue } from './ending.ts';
import { insertExecutions, type NewRow } from './executions.sql.ts';
import type { Instance } from './executions-for-tests.ts';
import { maxCounted } from './statistics.ts';

const caller = '{"method":"instance-key","keyId":"key","signingSecretId":null,"userId":null}';

describeEachEngine('the statistics of instances', (open) => {
  let app: TestApp;
  let company: Company;
  let key: string;
  let instance: Instance;
  let inserted = 0;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    company = await foundCompany(app);
    const { organizationId, owner } = company;
    key = await keyOf(app, 'organization', { organizationId, userId: owner.userId });
    instance = await made(app, company, company.owner, { title: 'Orders', environment: 'prod' });
  });
  afterAll(() => app.close());

  function rowOf({ organizationId, processInstanceId }: Instance, more: Partial<NewRow>): NewRow {
    inserted += 1;
    const now = app.clock.now();
    return {
      id: `inserted-${inserted}`,
      organization_id: organizationId,
      instance_id: processInstanceId,
      workflow_id: 'main',
      trigger_id: 'trigger',
      status: 'success',
      caller,
      payload: '{}',
      created_at: now,
      deadline_at: now,
      attempts: 1,
      finished_at: now,
      ...more,
    };
  }

  async function insert(all: readonly Partial<NewRow>[], of = instance): Promise<void> {
    for (let at = 0; at < all.length; at += 1_000) {
      const rows = all.slice(at, at + 1_000).map((more) => rowOf(of, more));
      await app.deps.store.write((trx) => insertExecutions(trx, rows));
    }
  }

  const read = (more: object = {}, credential = key) =>
    must(app, 'instances.statistics', { organizationId: company.organizationId, ...more }, credential);
  const failedWith = (type: string, message: string, createdAt: number) =>
    ({
      status: 'failed',
      error: JSON.stringify({ type, message }),
      created_at: createdAt,
      finished_at: createdAt + 5,
      duration_ms: 5,
    }) as const;

  it('count what came of them, with the durations of successes and the newest failure', async () => {
    const now = app.clock.now();
    await insert(Array.from({ length: 100 }, (_, index) => ({ duration_ms: ((index * 37) % 100) + 1 })));
    await insert([
      failedWith('node_failure', 'First', now - 20),
      failedWith('external_api_error', 'It said "type":"timeout"', now - 10),
      failedWith('timeout', overdue.message, now - 30),
      { status: 'pending', finished_at: null },
    ]);
    expect(await read()).toEqual({
      organizationId: company.organizationId,
      from: toIso(now - 168 * hourMs),
      executions: 104,
      isWhole: true,
      count: 1,
      instances: [
        {
          processInstanceId: instance.processInstanceId,
          title: 'Orders',
          environment: 'prod',
          succeeded: 100,
          failed: 2,
          timedOut: 1,
          pending: 1,
          successRate: 100 / 103,
          medianMs: 50,
          p95Ms: 95,
          lastFailure: {
            at: toIso(now - 5),
            errorType: 'external_api_error',
            message: 'It said "type":"timeout"',
          },
        },
      ],
    });
  });

  it('have neither rate nor duration where nothing has ended, and no instance where nothing began', async () => {
    expect(await read()).toMatchObject({ executions: 0, isWhole: true, count: 0, instances: [] });
    await insert([{ status: 'pending', finished_at: null }]);
    const [only] = (await read()).instances;
    expect(only).toMatchObject({ pending: 1, successRate: null, medianMs: null, p95Ms: null });
    expect(only?.lastFailure).toBeNull();
  });

  it('go back as far as is asked, to the millisecond', async () => {
    const now = app.clock.now();
    await insert([{ created_at: now - hourMs }, { created_at: now - hourMs - 1 }]);
    expect((await read({ hours: 1 })).executions).toBe(1);
    expect((await read({ hours: 2 })).executions).toBe(2);
  });

  it('go over a bounded number, the newest, and say so', async () => {
    const now = app.clock.now();
    await insert([failedWith('node_failure', 'Too old', now - 1)]);
    await insert(Array.from({ length: maxCounted }, () => ({ duration_ms: 1 })));
    const { executions, isWhole, instances } = await read();
    expect({ executions, isWhole }).toEqual({ executions: maxCounted, isWhole: false });
    expect(instances).toMatchObject([{ succeeded: maxCounted, failed: 0, lastFailure: null }]);
  });

  describe('are seen', () => {
    it('of the instances that somebody sees', async () => {
      const shared = await made(app, company, company.owner, { title: 'Shared', sharedWith: 'everyone' });
      const built = await made(app, company, company.developer, { title: 'Built' });
      for (const each of [instance, shared, built]) await insert([{ duration_ms: 1 }], each);
      const titlesFor = async (who: 'owner' | 'developer' | 'runner') =>
        (await read({}, company[who].token)).instances.map(({ title }) => title).sort();
      expect(await titlesFor('owner')).toEqual(['Built', 'Orders', 'Shared']);
      expect(await titlesFor('developer')).toEqual(['Built', 'Shared']);
      expect(await titlesFor('runner')).toEqual(['Shared']);
      expect((await read({}, company.runner.token)).executions).toBe(1);
    });

    it('by nobody of another organization', async () => {
      const other = await foundCompany(app);
      const input = { organizationId: other.organizationId };
      const answer = await ask(app, 'instances.statistics', input, company.owner.token);
      expect(refusal(answer)).toEqual({ status: 404, code: 'ORGANIZATION_NOT_FOUND' });
      expect(refusal(await ask(app, 'instances.statistics', input, key)).code).toBe('ORGANIZATION_MISMATCH');
    });
  });
});
