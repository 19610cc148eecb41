import { type Answer, describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memberSecretOf } from '../accounts/index.ts';
import { countRows } from '../rows-for-tests.sql.ts';
import { flatRefusal } from './answers-for-tests.ts';
import {
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from './executions-for-tests.ts';
import { sweepOverdue } from './sweep.ts';

const megabyte = 1024 * 1024;

describeEachEngine('beginning an execution that no call has started', (open) => {
  let app: TestApp;
  let stage: Stage;
  let target: RecordingTarget;
  let instance: Instance;
  let fields: Record<string, unknown>;
  beforeAll(async () => {
    app = await startTestApp(await open());
    stage = await stageOn(app);
    target = await recordingTarget();
    instance = await stage.instance({ targetUrl: target.url, mode: 'callback', timeoutSeconds: 60 });
    fields = await fieldsOf(stage, instance);
  });
  afterAll(async () => {
    await app.close();
    await target.close();
  });

  async function fieldsOf({ team }: Stage, { processInstanceId }: Instance) {
    const { organizationId, owner } = team;
    const { store, secrets } = app.deps;
    const memberSecret = await memberSecretOf(store.db, secrets, organizationId, owner.userId);
    return {
      memberSecret,
      organizationId,
      userId: owner.userId,
      processInstanceId,
      workflowId: 'main',
      triggerType: 'schedule',
      triggerData: { at: 'noon' },
    };
  }

  const create = (change: object = {}): Promise<Answer> =>
    app.call('/createworkflowexecution', { body: { ...fields, ...change } });

  it('answers what to report with, calls nothing, and lists it like any other', async () => {
    const { status, body } = await create();
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        success: true,
        executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        executionSecret: expect.stringMatching(/^[\w-]{43}$/),
        callbackUrl: `${app.deps.publicUrl()}/submitworkflowresult`,
        errorCallbackUrl: `${app.deps.publicUrl()}/submitworkflowerror`,
        processId: instance.processId,
        userId: stage.team.owner.userId,
        requestId: expect.any(String),
      },
    });
    await stage.pass(1000);
    expect(target.calls).toEqual([]);
    const { executionId, executionSecret } = body;
    const result = { executionId, executionSecret, resultData: { done: true } };
    expect((await app.call('/submitworkflowresult', { body: result })).status).toBe(200);
    expect(await stage.status(instance, executionId)).toMatchObject({
      status: 'success',
      resultData: { done: true },
    });
    expect(JSON.parse((await stage.row(executionId)).payload)).toEqual({
      triggerType: 'schedule',
      triggerData: { at: 'noon' },
    });
  });

  it('ends when nobody reports on it in time', async () => {
    const { executionId } = (await create()).body;
    app.clock.advance(60_000);
    await sweepOverdue(app.deps);
    expect(await stage.status(instance, executionId)).toMatchObject({ errorDetails: { type: 'timeout' } });
  });

  it.each([
    [{ key: 'ck_not_a_key', nul: '\u0000' }],
    [['several', { items: 1 }]],
    [null],
    ['text'],
  ])('keeps %j as what it began with', async (triggerData) => {
    const { executionId } = (await create({ triggerData })).body;
    expect(JSON.parse((await stage.row(executionId)).payload)).toMatchObject({ triggerData });
  });

  describe('is refused', () => {
    const secretInvalid = { status: 401, code: 'MEMBER_SECRET_INVALID' };

    it.each([
      ['with another secret', { memberSecret: 'wrong' }],
      ['with a secret of other characters', { memberSecret: 'ü'.repeat(32) }],
      ['for somebody who is no member', { userId: 'not-there' }],
      ['in an organization that is not there', { organizationId: 'not-there' }],
    ])('%s', async (_what, change) => {
      expect(flatRefusal(await create(change))).toEqual(secretInvalid);
    });

    it('with the secret of a member of another organization', async () => {
      const other = await stageOn(app);
      const { memberSecret, organizationId, userId } = await fieldsOf(other, instance);
      expect(flatRefusal(await create({ memberSecret }))).toEqual(secretInvalid);
      const foreign = { memberSecret, organizationId, userId };
      expect(flatRefusal(await create(foreign))).toMatchObject({ code: 'INSTANCE_NOT_FOUND' });
    });

    it.each([
      ['INSTANCE_NOT_FOUND', { processInstanceId: 'not-there' }],
      ['WORKFLOW_NOT_FOUND', { workflowId: 'other' }],
      ['INVALID_REQUEST', { triggerType: undefined }],
      ['PAYLOAD_TOO_LARGE', { triggerData: 'a'.repeat(10 * megabyte) }],
    ])('with %s', async (code, change) => {
      const before = await countRows(app.deps.store, 'executions');
      expect(flatRefusal(await create(change)).code).toBe(code);
      expect(await countRows(app.deps.store, 'executions')).toBe(before);
    });

    it('while the instance is paused', async () => {
      const paused = await stage.instance({ targetUrl: target.url });
      await stage.pause(paused);
      const { processInstanceId } = paused;
      expect(flatRefusal(await create({ processInstanceId }))).toEqual({
        status: 412,
        code: 'INSTANCE_INACTIVE',
      });
    });
  });
});
