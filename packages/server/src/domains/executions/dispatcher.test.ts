import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { openPostgres, type Store } from '../../storage/index.ts';
import { createDispatcher } from './dispatcher.ts';
import { claim, finishOverdue, insertExecutions } from './executions.sql.ts';
import {
  type Answer,
  answerJson,
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
  unusedPort,
} from './executions-for-tests.ts';
import { sweepOverdue } from './sweep.ts';

const minuteMs = 60_000;

describeEachEngine('handing executions to their targets', (open) => {
  let app: TestApp;
  let stage: Stage;
  let databaseUrl: string | undefined;
  const targets: RecordingTarget[] = [];
  const stores: Store[] = [];
  beforeAll(async () => {
    const store = await open();
    databaseUrl = store.databaseUrl;
    app = await startTestApp(store);
    stage = await stageOn(app);
  });
  afterEach(async () => {
    await Promise.all(targets.splice(0).map((target) => target.close()));
  });
  afterAll(async () => {
    await app.close();
    await Promise.all(stores.map((store) => store.close()));
  });

  async function target(answer?: Answer, port?: number): Promise<RecordingTarget> {
    const started = await recordingTarget(answer, port);
    targets.push(started);
    return started;
  }

  const settled = () => app.deps.dispatcher.settled();

  it('ends a sync one with what its target answers', async () => {
    const { url, calls } = await target((response) => answerJson(response, { invoice: ['R-42', null] }));
    const instance = await stage.instance({ targetUrl: `${url}/run?by=door` });
    const id = await stage.trigger(instance, { payload: { order: 1 } });
    await settled();
    expect(await stage.status(instance, id)).toEqual({
      executionId: id,
      status: 'success',
      createdAt: new Date(app.clock.now()).toISOString(),
      duration: 0,
      resultData: { invoice: ['R-42', null] },
    });
    expect(calls).toHaveLength(1);
  });

  it('ends one in callback mode when its workflow reports, and not before', async () => {
    const { url, calls } = await target();
    const instance = await stage.instance({ targetUrl: url, mode: 'callback' });
    const id = await stage.trigger(instance);
    await settled();
    expect(await stage.status(instance, id)).toMatchObject({ status: 'pending' });
    const { executionId, executionSecret, callbackUrl } = calls[0]?.body.executionMetadata ?? {};
    const path = callbackUrl.slice(app.deps.publicUrl().length);
    await app.call(path, { body: { executionId, executionSecret, resultData: { late: true } } });
    expect(await stage.status(instance, id)).toMatchObject({ status: 'success', resultData: { late: true } });
    await stage.pass(2 * minuteMs);
    expect(calls).toHaveLength(1);
  });

  it('does not call one again that its target has taken and will report on, though it would bear it', async () => {
    const { url, calls } = await target();
    const workflow = { targetUrl: url, mode: 'callback', idempotent: true, timeoutSeconds: 3600 };
    const instance = await stage.instance(workflow);
    const id = await stage.trigger(instance);
    await settled();
    for (let minute = 0; minute < 5; minute += 1) await stage.pass(minuteMs);
    expect(calls).toHaveLength(1);
    expect(await stage.row(id)).toMatchObject({ status: 'pending', attempts: 1 });
  });

  it('fails one whose target fails, saying of the target only where it is', async () => {
    const { url, calls, port } = await target((response) => answerJson(response, { secret: 'inside' }, 500));
    const instance = await stage.instance({ targetUrl: `${url}/private/path?token=hidden` });
    const id = await stage.trigger(instance);
    await settled();
    await stage.pass(10 * minuteMs);
    const { status, errorDetails } = await stage.status(instance, id);
    expect({ status, errorDetails }).toEqual({
      status: 'failed',
      errorDetails: {
        type: 'node_failure',
        code: 'TARGET_FAILED',
        message: `127.0.0.1:${port} failed (500).`,
      },
    });
    expect(calls).toHaveLength(1);
  });

  describe('tries again', () => {
    it('what could not be sent, not before it is due, and calls the target once', async () => {
      const port = await unusedPort();
      const instance = await stage.instance({ targetUrl: `http://127.0.0.1:${port}` });
      const id = await stage.trigger(instance);
      await settled();
      expect(await stage.row(id)).toMatchObject({ status: 'pending', attempts: 1 });
      const { calls } = await target(undefined, port);
      await stage.pass(0);
      expect(calls).toHaveLength(0);
      await stage.pass(minuteMs);
      expect(await stage.row(id)).toMatchObject({ status: 'success', attempts: 2 });
      expect(calls).toHaveLength(1);
    });

    it('and says meanwhile what became of the last attempt, when the next one is, and when it gives up', async () => {
      const port = await unusedPort();
      const instance = await stage.instance({ targetUrl: `http://127.0.0.1:${port}/private?token=hidden` });
      const id = await stage.trigger(instance);
      await settled();
      const at = new Date(app.clock.now()).toISOString();
      const due = Number((await stage.row(id)).due_at);
      const failure = {
        type: 'external_api_error',
        code: 'TARGET_UNREACHABLE',
        message: `No connection to 127.0.0.1:${port} could be made.`,
      };
      expect(await stage.read(instance, id)).toMatchObject({
        status: 'pending',
        attempts: 1,
        lastFailure: { ...failure, attempt: 1, at },
        nextAttemptAt: new Date(due).toISOString(),
        givesUpAt: new Date(Number((await stage.row(id)).deadline_at)).toISOString(),
      });
      for (let passed = 0; passed < 10; passed += 1) await stage.pass(5_000);
      const { lastFailure, attempts } = await stage.read(instance, id);
      expect(lastFailure?.attempt).toBe(attempts);
      expect(lastFailure?.message).toContain(failure.message);
      await target(undefined, port);
      for (let passed = 0; passed < 3; passed += 1) await stage.pass(minuteMs);
      expect(await stage.read(instance, id)).toMatchObject({ status: 'success', nextAttemptAt: null });
    });

    it('and tells of no next attempt while one is under way', async () => {
      const reached = Promise.withResolvers<void>();
      const allowed = Promise.withResolvers<void>();
      const { url } = await target(async (response) => {
        reached.resolve();
        await allowed.promise;
        answerJson(response, {});
      });
      const instance = await stage.instance({ targetUrl: url, idempotent: true });
      const id = await stage.trigger(instance);
      await reached.promise;
      expect(await stage.read(instance, id)).toMatchObject({ lastFailure: null, nextAttemptAt: null });
      allowed.resolve();
      await settled();
    });

    it('until the time of the workflow is over', async () => {
      const port = await unusedPort();
      const instance = await stage.instance({ targetUrl: `http://127.0.0.1:${port}`, timeoutSeconds: 120 });
      const id = await stage.trigger(instance);
      await settled();
      for (let passed = 0; passed < 120; passed += 1) await stage.pass(1000);
      await sweepOverdue(app.deps);
      const { status, error, attempts } = await stage.row(id);
      expect(status).toBe('failed');
      // Whichever came first: that another attempt would be too late, or that the time was over.
      expect(JSON.parse(error ?? '{}').type).toMatch(/^(external_api_error|timeout)$/);
      expect(attempts).toBeGreaterThan(3);
      await stage.pass(10 * minuteMs);
      expect((await stage.row(id)).attempts).toBe(attempts);
    });

    it('what asked to be left alone, after the time that it asked for', async () => {
      let isBusy = true;
      const { url, calls } = await target((response) => {
        if (!isBusy) return answerJson(response, { done: true });
        response.writeHead(429, { 'retry-after': '40' }).end();
      });
      const instance = await stage.instance({ targetUrl: url });
      const id = await stage.trigger(instance);
      await settled();
      isBusy = false;
      await stage.pass(39_999);
      expect(calls).toHaveLength(1);
      await stage.pass(minuteMs);
      expect(calls).toHaveLength(2);
      expect(await stage.row(id)).toMatchObject({ status: 'success', attempts: 2 });
    });

    it.each([
      { what: 'a connection that broke', answer: (response) => void response.destroy() },
      { what: 'a 503', answer: (response) => answerJson(response, {}, 503) },
      { what: 'a 502', answer: (response) => answerJson(response, {}, 502) },
    ] satisfies { what: string; answer: Answer }[])('after $what only what bears it', async ({ answer }) => {
      const { url, calls } = await target(answer);
      const [once, often] = [
        await stage.instance({ targetUrl: url }),
        await stage.instance({ targetUrl: url, idempotent: true }),
      ];
      const ids = [await stage.trigger(once), await stage.trigger(often)];
      await settled();
      for (let second = 0; second < 5; second += 1) await stage.pass(1000);
      const [first = '', second = ''] = ids;
      expect(await stage.row(first)).toMatchObject({ status: 'failed', attempts: 1 });
      expect((await stage.row(second)).attempts).toBeGreaterThan(1);
      const callsOf = (id: string) => calls.filter(({ body }) => body.executionMetadata.executionId === id);
      expect(callsOf(first)).toHaveLength(1);
      await stage.pass(10 * minuteMs);
    });

    it('what its process took and did not live to tell of, after a minute, where it bears that', async () => {
      const { url, calls } = await target();
      const ids: string[] = [];
      for (const idempotent of [false, true]) {
        const instance = await stage.instance({ targetUrl: url, idempotent });
        ids.push(await insertDue(instance));
      }
      app.clock.advance(1);
      const now = app.clock.now();
      await app.deps.store.write((trx) => claim(trx, ids, now, now + minuteMs));
      await stage.pass(minuteMs - 1);
      expect(calls).toHaveLength(0);
      await stage.pass(1);
      expect(calls.map(({ body }) => body.executionMetadata.executionId)).toEqual([ids[1]]);
      await stage.pass(3 * minuteMs);
      expect(calls).toHaveLength(1);
    });
  });

  let inserted = 0;
  /** An execution that is on disk and due in a millisecond, of which no dispatcher has been told. */
  async function insertDue(
    { organizationId, processInstanceId }: Instance,
    workflowId = 'main',
  ): Promise<string> {
    inserted += 1;
    const id = `inserted-${inserted}`;
    const now = app.clock.now();
    const row = {
      id,
      organization_id: organizationId,
      instance_id: processInstanceId,
      workflow_id: workflowId,
      trigger_id: 'trigger',
      status: 'pending',
      caller: '{"method":"instance-key","keyId":"key","signingSecretId":null,"userId":null}',
      payload: '{}',
      created_at: now,
      deadline_at: now + 5 * minuteMs,
      attempts: 0,
      due_at: now + 1,
    } as const;
    await app.deps.store.write((trx) => insertExecutions(trx, [row]));
    return id;
  }

  it('has no more of an instance under way at once than it allows, and hands on all', async () => {
    const counts = { now: 0, most: 0 };
    const waiting: (() => void)[] = [];
    const { url, calls } = await target(async (response) => {
      counts.now += 1;
      counts.most = Math.max(counts.most, counts.now);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 3) for (const release of waiting.splice(0)) release();
      });
      counts.now -= 1;
      answerJson(response, {});
    });
    const instance = await stage.instance({ targetUrl: url }, { maxConcurrency: 3 });
    const ids = await Promise.all(Array.from({ length: 24 }, () => stage.trigger(instance)));
    await settled();
    expect(counts).toEqual({ now: 0, most: 3 });
    expect(calls).toHaveLength(24);
    for (const id of ids) expect(await stage.row(id)).toMatchObject({ status: 'success', attempts: 1 });
  });

  it('writes down what a target has done once the database takes it, and calls no second time', async () => {
    const { url, calls } = await target();
    const instance = await stage.instance({ targetUrl: url });
    const id = await insertDue(instance);
    app.clock.advance(1);
    let refusals = 0;
    const { store } = app.deps;
    const write: typeof store.write = async (work) => {
      if (calls.length === 1 && refusals < 2) {
        refusals += 1;
        throw new Error('the disk is full');
      }
      return store.write(work);
    };
    const dispatcher = createDispatcher({ ...app.deps, store: { ...store, write } }, app.deps.doors);
    await dispatcher.lookAround();
    await dispatcher.settled();
    expect(refusals).toBe(2);
    expect(calls).toHaveLength(1);
    expect(await stage.row(id)).toMatchObject({ status: 'success', attempts: 1 });
    await dispatcher.close();
  });

  it('calls each execution once, however many look for it', async () => {
    const { url, calls } = await target();
    const instance = await stage.instance({ targetUrl: url, idempotent: true }, { maxConcurrency: 50 });
    const ids = await Promise.all(Array.from({ length: 100 }, () => insertDue(instance)));
    const others = Array.from({ length: 2 }, () => {
      if (databaseUrl === undefined) return createDispatcher(app.deps, app.deps.doors);
      const store = openPostgres(databaseUrl, createLogger('silent'));
      stores.push(store);
      return createDispatcher({ ...app.deps, store }, app.deps.doors);
    });
    const dispatchers = [app.deps.dispatcher, ...others];
    app.clock.advance(1);
    await Promise.all(dispatchers.map((each) => each.lookAround()));
    await Promise.all(dispatchers.map((each) => each.settled()));
    expect(calls.map(({ body }) => body.executionMetadata.executionId).toSorted()).toEqual(ids.toSorted());
    for (const id of ids) expect(await stage.row(id)).toMatchObject({ status: 'success', attempts: 1 });
    await Promise.all(others.map((each) => each.close()));
  });

  it('is not kept from an instance by another that has more waiting than is looked for at once', async () => {
    const released = Promise.withResolvers<void>();
    const stuck = await target(async (response) => {
      await released.promise;
      answerJson(response, {});
    });
    const quick = await target();
    const crowded = await stage.instance({ targetUrl: stuck.url }, { maxConcurrency: 1 });
    const other = await stage.instance({ targetUrl: quick.url });
    await Promise.all(Array.from({ length: 1200 }, () => insertDue(crowded)));
    app.clock.advance(1);
    const id = await insertDue(other);
    app.clock.advance(1);
    const status = async () => {
      await app.deps.dispatcher.lookAround();
      return (await stage.row(id)).status;
    };
    await expect.poll(status, { timeout: 5000 }).toBe('success');
    await app.deps.store.write((trx) =>
      finishOverdue(trx, '{"type":"timeout","message":"x"}', app.clock.now() + 10 * minuteMs),
    );
    released.resolve();
    await settled();
  });

  describe('goes by what an instance is when its turn comes', () => {
    it('and ends what belongs to a workflow that was removed', async () => {
      const { url, calls } = await target();
      const instance = await stage.instance({ targetUrl: url });
      await stage.trigger(instance);
      await settled();
      const id = await insertDue(instance);
      await stage.update(instance, { workflows: [{ workflowId: 'other', targetUrl: url }] });
      await stage.pass(1);
      expect(await stage.status(instance, id)).toMatchObject({
        status: 'failed',
        errorDetails: { type: 'node_failure', code: 'WORKFLOW_REMOVED' },
      });
      expect(calls).toHaveLength(1);
    });

    it('and calls the new target of one that was moved, never the old one', async () => {
      const [old, moved] = [await target(), await target()];
      const instance = await stage.instance({ targetUrl: old.url });
      await stage.trigger(instance);
      await settled();
      await insertDue(instance);
      await stage.update(instance, { workflows: [{ workflowId: 'main', targetUrl: moved.url }] });
      await stage.pass(1);
      expect([old.calls.length, moved.calls.length]).toEqual([1, 1]);
    });

    it('but runs what was accepted before it was paused', async () => {
      const { url, calls } = await target();
      const instance = await stage.instance({ targetUrl: url });
      const id = await insertDue(instance);
      await stage.pause(instance);
      await stage.pass(1);
      expect(calls).toHaveLength(1);
      expect(await stage.status(instance, id)).toMatchObject({ status: 'success' });
    });
  });

  describe('tells its target', () => {
    it('of which execution it is, whatever the caller says', async () => {
      const { url, calls } = await target();
      const instance = await stage.instance({ targetUrl: url });
      const forged = { executionId: 'forged', callbackUrl: 'http://evil.example' };
      const id = await stage.trigger(instance, {
        payload: { order: 1, executionMetadata: forged },
        executionMetadata: forged,
      });
      await settled();
      expect(calls[0]?.body).toEqual({
        order: 1,
        executionMetadata: {
          executionId: id,
          executionSecret: expect.stringMatching(/^[\w-]{43}$/),
          callbackUrl: `${app.deps.publicUrl()}/submitworkflowresult`,
          errorCallbackUrl: `${app.deps.publicUrl()}/submitworkflowerror`,
          workflowId: 'main',
          processId: instance.processId,
          processInstanceId: instance.processInstanceId,
          userId: stage.team.owner.userId,
          organizationId: stage.team.organizationId,
        },
      });
      expect(calls[0]?.text).not.toContain('forged');
    });

    it('every number as the caller wrote it', async () => {
      const { url, calls } = await target();
      const instance = await stage.instance({ targetUrl: url });
      const body = '{"payload":{"id":12345678901234567890,"sum":1.10}}';
      const headers = { 'x-api-key': instance.apiKey };
      await app.call(`/webhook/${instance.processInstanceId}/main`, { method: 'POST', body, headers });
      await settled();
      expect(calls[0]?.text).toMatch(/^\{"id":12345678901234567890,"sum":1.10,"executionMetadata":\{/);
    });

    it('who called, signed with a published key, and signs the body with the secret of the instance', async () => {
      const { url, calls } = await target();
      const instance = await stage.instance({ targetUrl: url });
      const id = await stage.trigger(instance, { payload: { order: 1 } });
      await settled();
      const { headers = {}, text = '' } = calls[0] ?? {};
      const jwks = await app.call('/.well-known/jwks.json');
      const { payload } = await jwtVerify(
        String(headers['x-latchkey-principal']),
        createLocalJWKSet(jwks.body),
        { issuer: app.deps.publicUrl(), currentDate: new Date(app.clock.now()) },
      );
      expect(JSON.stringify(payload)).toContain(id);
      expect(JSON.stringify(payload)).toContain(instance.keyId);
      const sent = new Date(Number(headers['webhook-timestamp']) * 1000);
      const signature = new Webhook(instance.webhookSecret).sign(id, sent, text);
      expect(headers).toMatchObject({ 'webhook-id': id, 'webhook-signature': signature });
      expect(JSON.stringify(headers)).not.toContain(instance.apiKey);
    });
  });

  it('waits at its end for what is under way, writes it down, and leaves the rest for another', async () => {
    const called = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { url, calls } = await target(async (response) => {
      called.resolve();
      await released.promise;
      answerJson(response, { done: true });
    });
    const instance = await stage.instance({ targetUrl: url }, { maxConcurrency: 1 });
    const ids = [await insertDue(instance), await insertDue(instance)];
    const dispatcher = createDispatcher(app.deps, app.deps.doors);
    for (const id of ids) dispatcher.notice({ id, instance_id: instance.processInstanceId });
    app.clock.advance(1);
    await called.promise;
    let isClosed = false;
    const closed = dispatcher.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    released.resolve();
    await closed;
    const [first = '', second = ''] = ids;
    expect(calls[0]?.body.executionMetadata.executionId).toBe(first);
    expect(await stage.row(first)).toMatchObject({ status: 'success', attempts: 1 });
    await stage.pass(0);
    expect(await stage.row(second)).toMatchObject({ status: 'success', attempts: 1 });
    expect(calls).toHaveLength(2);
  });
});
