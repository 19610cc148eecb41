import { setImmediate as nextTurn } from 'node:timers/promises';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { insertExecutions } from './executions.sql.ts';
import {
  answerJson,
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from './executions-for-tests.ts';

describeEachEngine('while the door is crowded', (open) => {
  let app: TestApp;
  let stage: Stage;
  beforeAll(async () => {
    app = await startTestApp(await open());
    stage = await stageOn(app);
  });
  afterEach(() => void vi.useRealTimers());
  afterAll(() => app.close());

  /** A dispatcher for which everything is due that is not yet due for the server's own. */
  function dispatcherIn(isCrowded: () => boolean): Dispatcher {
    const clock = { ...app.clock, now: () => app.clock.now() + 1 };
    return createDispatcher({ ...app.deps, clock }, app.deps.doors, isCrowded);
  }

  let inserted = 0;
  /** Executions that are on disk, and due for a dispatcher of these tests only. */
  async function insert({ organizationId, processInstanceId }: Instance, count: number) {
    const now = app.clock.now();
    const rows = Array.from({ length: count }, () => {
      inserted += 1;
      return {
        id: `inserted-${inserted}`,
        organization_id: organizationId,
        instance_id: processInstanceId,
        workflow_id: 'main',
        trigger_id: 'trigger',
        status: 'pending',
        caller: '{"method":"instance-key","keyId":"key","signingSecretId":null,"userId":null}',
        payload: '{}',
        created_at: now,
        deadline_at: now + 60_000,
        attempts: 0,
        due_at: now + 1,
      } as const;
    });
    await app.deps.store.write((trx) => insertExecutions(trx, rows));
    return rows.map(({ id, instance_id }) => ({ id, instance_id }));
  }

  it('an instance still comes to as many calls at once as it may have, however long they take', async () => {
    const released = Promise.withResolvers<void>();
    const target: RecordingTarget = await recordingTarget(async (response) => {
      await released.promise;
      answerJson(response, {});
    });
    const instance = await stage.instance({ targetUrl: target.url }, { maxConcurrency: 4 });
    const dispatcher = dispatcherIn(() => true);
    for (const waiting of await insert(instance, 6)) dispatcher.notice(waiting);
    await expect.poll(() => target.calls.length, { timeout: 5000 }).toBe(4);
    released.resolve();
    await dispatcher.settled();
    expect(target.calls).toHaveLength(6);
    await dispatcher.close();
    await target.close();
  });

  it('an instance never has more than it may have, also after it had nothing to do for a moment', async () => {
    // Only the dispatcher's own timers: how long it waits in a crowd is moved here.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const counts = { now: 0, most: 0 };
    let isHeld = false;
    const released = Promise.withResolvers<void>();
    const target = await recordingTarget(async (response) => {
      counts.now += 1;
      counts.most = Math.max(counts.most, counts.now);
      if (isHeld) await released.promise;
      counts.now -= 1;
      answerJson(response, {});
    });
    const instance = await stage.instance({ targetUrl: target.url }, { maxConcurrency: 2 });
    let isCrowded = true;
    const dispatcher = dispatcherIn(() => isCrowded);
    const noticeMore = async (count: number) => {
      for (const waiting of await insert(instance, count)) dispatcher.notice(waiting);
    };
    const untilCalled = async (count: number) => {
      while (target.calls.length < count) await nextTurn();
    };
    await noticeMore(2);
    await dispatcher.settled();
    isHeld = true;
    await noticeMore(1);
    await untilCalled(3);
    vi.advanceTimersByTime(1000);
    isCrowded = false;
    await noticeMore(3);
    await untilCalled(4);
    for (let turn = 0; turn < 200; turn += 1) await nextTurn();
    released.resolve();
    await dispatcher.settled();
    vi.useRealTimers();
    expect(counts).toEqual({ now: 0, most: 2 });
    expect(target.calls).toHaveLength(6);
    await dispatcher.close();
    await target.close();
  });
});
