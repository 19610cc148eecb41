import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flatRefusal, outcomesOf } from './answers-for-tests.ts';
import {
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from './executions-for-tests.ts';
import { sweepOverdue } from './sweep.ts';

const megabyte = 1024 * 1024;

describeEachEngine('reporting on an execution', (open) => {
  let app: TestApp;
  let stage: Stage;
  let target: RecordingTarget;
  let instance: Instance;
  beforeAll(async () => {
    app = await startTestApp(await open());
    stage = await stageOn(app);
    target = await recordingTarget();
    const workflow = { targetUrl: target.url, mode: 'callback', timeoutSeconds: 60 };
    instance = await stage.instance(workflow, { maxConcurrency: 100 });
  });
  afterAll(async () => {
    await app.close();
    await target.close();
  });

  /** One that its target has taken. */
  async function begin(): Promise<string> {
    const id = await stage.trigger(instance);
    await app.deps.dispatcher.settled();
    return id;
  }

  const status = (id: string) => stage.status(instance, id);

  it('keeps what a workflow says whatever it is called, and as much of an error as is kept', async () => {
    const strange = JSON.parse(`{"constructor":{"__proto__":${'['.repeat(60)}${']'.repeat(60)}}}`);
    const succeeded = await begin();
    expect((await stage.report('result', succeeded, { resultData: strange })).status).toBe(200);
    expect(JSON.stringify((await status(succeeded)).resultData)).toBe(JSON.stringify(strange));
    const failed = await begin();
    const errorMessage = 'x'.repeat(20_000);
    expect((await stage.report('error', failed, { errorMessage })).status).toBe(200);
    expect((await status(failed)).errorDetails?.message).toBe('x'.repeat(10_000));
  });

  describe('a result', () => {
    it('ends it with what the workflow says, and with how long it took', async () => {
      const id = await begin();
      app.clock.advance(5000);
      const resultData = { text: 'ü', list: [1, null, { deep: true }] };
      const fields = { resultData, n8nExecutionId: 'engine-7', executionTimeMs: 1234.4 };
      const { status: code, body } = await stage.report('result', id, fields);
      expect({ code, body }).toEqual({
        code: 200,
        body: { success: true, executionId: id, status: 'success', requestId: expect.any(String) },
      });
      const createdAt = new Date(app.clock.now() - 5000).toISOString();
      expect(await status(id)).toEqual({
        executionId: id,
        status: 'success',
        createdAt,
        duration: 1234,
        resultData,
      });
      expect(await stage.row(id)).toMatchObject({ engine_execution_id: 'engine-7', due_at: null });
    });

    it('measures how long it took where the workflow does not say', async () => {
      const id = await begin();
      app.clock.advance(5000);
      await stage.report('result', id, { resultData: {} });
      expect(await status(id)).toMatchObject({ duration: 5000, resultData: {} });
    });

    it.each([[null], ['text'], [0], [false], [[]], [{}]])('may be %j', async (resultData) => {
      const id = await begin();
      await stage.report('result', id, { resultData });
      expect(await status(id)).toMatchObject({ status: 'success', resultData });
    });

    it('is kept as it is, also where something in it looks like a key of ours', async () => {
      const id = await begin();
      const resultData = { note: `use ${instance.apiKey}`, nul: 'a\u0000b', half: '\ud800' };
      expect((await stage.report('result', id, { resultData })).status).toBe(200);
      expect(await status(id)).toMatchObject({ resultData });
    });

    it('may be as large as 10 MB, and no larger', async () => {
      const id = await begin();
      const tooLarge = await stage.report('result', id, { resultData: 'a'.repeat(10 * megabyte) });
      expect(flatRefusal(tooLarge)).toEqual({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
      expect(await status(id)).toMatchObject({ status: 'pending' });
      const resultData = 'a'.repeat(10 * megabyte - 1000);
      expect((await stage.report('result', id, { resultData })).status).toBe(200);
      expect((await status(id)).resultData === resultData).toBe(true);
    });
  });

  describe('an error', () => {
    it('ends it as failed, with what the workflow says', async () => {
      const id = await begin();
      const fields = {
        errorType: 'external_api_error',
        errorMessage: 'The bank did not answer.',
        failedNodeName: 'Bank',
        lastExecutedNode: 'Bank',
        executionTimeMs: 10,
      };
      expect((await stage.report('error', id, fields)).body).toMatchObject({
        success: true,
        status: 'failed',
      });
      expect(await status(id)).toMatchObject({
        status: 'failed',
        duration: 10,
        errorDetails: {
          type: 'external_api_error',
          message: 'The bank did not answer.',
          failedNodeName: 'Bank',
        },
      });
      expect(await status(id)).not.toHaveProperty('resultData');
    });

    it('names the last node where it names none that failed, and is kept whatever stands in it', async () => {
      const id = await begin();
      const errorMessage = `refused ${instance.apiKey}\u0000`;
      await stage.report('error', id, { errorMessage, failedNodeName: null, lastExecutedNode: 'Last' });
      const { errorDetails } = await status(id);
      expect(errorDetails).toEqual({ type: 'node_failure', message: errorMessage, failedNodeName: 'Last' });
    });

    it('of a kind that there is not is refused', async () => {
      const id = await begin();
      const answer = await stage.report('error', id, { errorType: 'other', errorMessage: 'x' });
      expect(flatRefusal(answer)).toEqual({ status: 400, code: 'INVALID_REQUEST' });
    });
  });

  describe.each(['result', 'error'] as const)('a report of a %s', (what) => {
    const fields = what === 'result' ? { resultData: { forged: true } } : { errorMessage: 'forged' };

    it('is taken at the published path too', async () => {
      const id = await begin();
      const { executionSecret } = target.calls.at(-1)?.body.executionMetadata ?? {};
      const body = { executionId: id, executionSecret, ...fields };
      expect((await app.call(`/submitworkflow${what}`, { body })).body).toMatchObject({ success: true });
      expect((await status(id)).status).toBe(what === 'result' ? 'success' : 'failed');
    });

    it('is refused with the secret of another, with none that could be one, and for what is not there', async () => {
      const [id, other] = [await begin(), await begin()];
      const { executionSecret } = target.calls.at(-1)?.body.executionMetadata ?? {};
      const wrong = { status: 401, code: 'EXECUTION_SECRET_INVALID' };
      for (const secret of [executionSecret, 'x', 'ü'.repeat(43), `${executionSecret} `]) {
        const answer = await stage.report(what, id, { ...fields, executionSecret: secret });
        expect(flatRefusal(answer)).toEqual(wrong);
      }
      expect(
        flatRefusal(await stage.report(what, `${id.slice(0, -1)}`, { ...fields, executionSecret })),
      ).toEqual(wrong);
      expect(flatRefusal(await stage.report(what, 'not-there', fields))).toEqual(wrong);
      for (const each of [id, other]) expect(await status(each)).toMatchObject({ status: 'pending' });
    });

    it('is refused where what the engine calls it cannot be kept', async () => {
      const id = await begin();
      const answer = await stage.report(what, id, { ...fields, n8nExecutionId: 'a\u0000b' });
      expect(flatRefusal(answer)).toEqual({ status: 400, code: 'INVALID_REQUEST' });
    });

    it('is refused after the end, which stays what it was', async () => {
      const id = await begin();
      await stage.report('result', id, { resultData: { first: true } });
      const before = await stage.row(id);
      app.clock.advance(1000);
      const answer = await stage.report(what, id, fields);
      expect(flatRefusal(answer)).toEqual({ status: 404, code: 'EXECUTION_NOT_PENDING' });
      expect(await stage.row(id)).toEqual(before);
    });

    it('is refused after the time is over', async () => {
      const id = await begin();
      app.clock.advance(60_000);
      await sweepOverdue(app.deps);
      const answer = await stage.report(what, id, fields);
      expect(flatRefusal(answer)).toEqual({ status: 404, code: 'EXECUTION_NOT_PENDING' });
      expect(await status(id)).toMatchObject({ errorDetails: { type: 'timeout' } });
    });
  });

  it('counts the first of 64 that come at once, of a result and of an error', async () => {
    const id = await begin();
    const reports = Array.from({ length: 64 }, async (_, number) => {
      const what = number % 2 === 0 ? 'result' : 'error';
      const fields = what === 'result' ? { resultData: { number } } : { errorMessage: `${number}` };
      return { number, what, answer: await stage.report(what, id, fields) };
    });
    const answers = await Promise.all(reports);
    expect(outcomesOf(answers.map(({ answer }) => answer))).toEqual({ OK: 1, EXECUTION_NOT_PENDING: 63 });
    const first = answers.find(({ answer }) => answer.status === 200);
    const { resultData, errorDetails } = await status(id);
    const told = first?.what === 'result' ? (resultData as { number: number }).number : errorDetails?.message;
    expect(Number(told)).toBe(first?.number);
  });

  describe('whose time is over', () => {
    it('ends as failed, and nothing that has ended is overwritten', async () => {
      const ids = [await begin(), await begin(), await begin()];
      const [silent = '', done = '', failed = ''] = ids;
      await stage.report('result', done, { resultData: { done: true } });
      await stage.report('error', failed, { errorMessage: 'failed' });
      const before = [await stage.row(done), await stage.row(failed)];
      app.clock.advance(59_999);
      await sweepOverdue(app.deps);
      expect(await status(silent)).toMatchObject({ status: 'pending' });
      app.clock.advance(1);
      await sweepOverdue(app.deps);
      expect(await status(silent)).toMatchObject({
        status: 'failed',
        duration: 60_000,
        errorDetails: { type: 'timeout', code: 'EXECUTION_TIMED_OUT' },
      });
      expect([await stage.row(done), await stage.row(failed)]).toEqual(before);
    });

    it('is not called any more, and one that its target answers too late keeps its end', async () => {
      const called = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const slow = await recordingTarget(async (response) => {
        called.resolve();
        await released.promise;
        response.end('{}');
      });
      const sync = await stage.instance({ targetUrl: slow.url, timeoutSeconds: 60 }, { maxConcurrency: 1 });
      const ids = [await stage.trigger(sync), await stage.trigger(sync)];
      await called.promise;
      app.clock.advance(60_000);
      await sweepOverdue(app.deps);
      released.resolve();
      await app.deps.dispatcher.settled();
      for (const id of ids) {
        const { errorDetails } = await stage.status(sync, id);
        expect(errorDetails).toMatchObject({ type: 'timeout', code: 'EXECUTION_TIMED_OUT' });
      }
      expect(slow.calls).toHaveLength(1);
      await slow.close();
    });
  });
});
