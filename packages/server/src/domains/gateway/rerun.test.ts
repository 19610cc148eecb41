import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { flatRefusal } from '../executions/answers-for-tests.ts';
import {
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from '../executions/executions-for-tests.ts';
import { type Company, foundCompany, keyOf, made } from '../instances/instances-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { countRows } from '../rows-for-tests.sql.ts';

describeEachEngine('an execution that is run again', (open) => {
  let app: TestApp;
  let stage: Stage;
  let target: RecordingTarget;
  let company: Company;
  let key: string;
  let instance: Instance;
  let executionId: string;

  const workflowsWith = (more: object = {}) => [{ workflowId: 'main', targetUrl: target.url, ...more }];

  /** One of the company that ran once, with a number that a double cannot hold. */
  async function prepare(settings: object = {}): Promise<void> {
    instance = await made(app, company, company.owner, { workflows: workflowsWith(), ...settings });
    const headers = { 'x-api-key': instance.apiKey };
    const body = '{"orderId":12345678901234567890,"note":"Grüße"}';
    const answer = await app.call(`/webhook/${instance.processInstanceId}/main`, { body, headers });
    executionId = answer.body.executionId;
    await app.deps.dispatcher.settled();
  }

  beforeAll(async () => {
    app = await startTestApp(await open());
    stage = await stageOn(app);
    target = await recordingTarget();
    company = await foundCompany(app);
    const { organizationId, owner } = company;
    key = await keyOf(app, 'organization', { organizationId, userId: owner.userId });
  });
  beforeEach(() => prepare());
  afterAll(async () => {
    await app.close();
    await target.close();
  });

  const asked = (more: object = {}) => ({
    processInstanceId: instance.processInstanceId,
    executionId,
    ...more,
  });
  const rerun = (credential = key) => must(app, 'executions.rerun', asked(), credential);
  const read = async (id: string) =>
    (await must(app, 'executions.get', asked({ executionId: id }), key)).execution;
  async function refused(credential = key, more: object = {}) {
    const before = await countRows(app.deps.store, 'executions');
    const answer = await ask(app, 'executions.rerun', asked(more), credential);
    expect(await countRows(app.deps.store, 'executions')).toBe(before);
    return refusal(answer);
  }

  it('is another one with the same payload, to the last digit, and names the first', async () => {
    const answer = await rerun();
    expect(answer).toEqual({ executionId: expect.any(String), rerunOf: executionId, status: 'pending' });
    expect(answer.executionId).not.toBe(executionId);
    await app.deps.dispatcher.settled();
    const [first, second] = target.calls.slice(-2).map(({ text }) => text.split(',"executionMetadata"')[0]);
    expect(second).toBe(first);
    expect(second).toContain('12345678901234567890');
    expect(await read(answer.executionId)).toMatchObject({
      status: 'success',
      rerunOf: executionId,
      inputData: { note: 'Grüße' },
    });
    expect(await read(executionId)).toMatchObject({ rerunOf: null, inputData: { note: 'Grüße' } });
  });

  it('is told of by the one that it repeats, newest first, and by no other', async () => {
    const first = await rerun();
    app.clock.advance(1);
    const second = await rerun();
    await app.deps.dispatcher.settled();
    const { reruns } = await read(executionId);
    expect(reruns.map((each) => [each.executionId, each.status])).toEqual([
      [second.executionId, 'success'],
      [first.executionId, 'success'],
    ]);
    expect((await read(first.executionId)).reruns).toEqual([]);
  });

  it('was started by the key or the person that asked', async () => {
    const { owner } = company;
    const byKey = await read((await rerun()).executionId);
    expect(byKey.startedBy).toMatchObject({ method: 'organization-key' });
    const bySession = await read((await rerun(owner.token)).executionId);
    expect(bySession.startedBy).toEqual({ method: 'session', id: owner.userId, name: owner.email });
    await app.deps.dispatcher.settled();
    expect(target.calls.at(-1)?.body.executionMetadata.userId).toBe(owner.userId);
  });

  it('is begun once for all requests of one name', async () => {
    const { executionId: _, processInstanceId } = asked();
    const path = `/v1/instances/${processInstanceId}/executions/${executionId}/rerun`;
    const headers = { 'idempotency-key': 'again' };
    const before = await countRows(app.deps.store, 'executions');
    const answers = [];
    for (let count = 0; count < 3; count += 1)
      answers.push(await app.call(path, { method: 'POST', key, headers }));
    const [first] = answers;
    expect(first?.status).toBe(200);
    for (const { body } of answers) expect(body.data).toEqual(first?.body.data);
    expect(await countRows(app.deps.store, 'executions')).toBe(before + 1);
  });

  it('counts against the rate limit of its instance, exactly, also for many at once', async () => {
    await prepare({ rateLimit: { requests: 4, windowSeconds: 60 } });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(app, 'executions.rerun', asked(), key)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const [limited] = answers.filter(({ status }) => status !== 200);
    expect(refusal(limited ?? { status: 0, body: {} })).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      details: { what: 'process instance' },
    });
    const headers = { 'x-api-key': instance.apiKey };
    const path = `/webhook/${instance.processInstanceId}/main`;
    expect(flatRefusal(await app.call(path, { body: {}, headers })).code).toBe('RATE_LIMITED');
  });

  describe('is refused', () => {
    const change = (more: object) =>
      must(app, 'instances.update', { processInstanceId: instance.processInstanceId, ...more }, key);

    it('when its payload does not fit the input schema that there is now', async () => {
      const inputSchema = { type: 'object', required: ['customer'] };
      await change({ workflows: workflowsWith({ inputSchema }) });
      expect(await refused()).toMatchObject({ status: 400, code: 'PAYLOAD_INVALID' });
    });

    it('when its workflow is gone', async () => {
      await change({ workflows: [{ workflowId: 'other', targetUrl: target.url }] });
      expect(await refused()).toEqual({ status: 404, code: 'WORKFLOW_NOT_FOUND' });
    });

    it.each(['instances.deactivate', 'instances.archive'] as const)('after %s', async (id) => {
      await must(app, id, { processInstanceId: instance.processInstanceId }, key);
      const state = id === 'instances.archive' ? 'archived' : 'paused';
      expect(await refused()).toMatchObject({ code: 'INSTANCE_INACTIVE', details: { state } });
    });

    it('when its workflow had begun it by itself', async () => {
      await app.deps.store.write((trx) =>
        trx
          .updateTable('executions')
          .set({ caller: '{"method":"member-secret","keyId":null,"signingSecretId":null,"userId":null}' })
          .where('id', '=', executionId)
          .execute(),
      );
      expect(await refused()).toEqual({ status: 409, code: 'EXECUTION_NOT_REPEATABLE' });
    });

    it('by an id of another instance, or of none', async () => {
      const { processInstanceId } = await made(app, company, company.owner);
      expect((await refused(key, { processInstanceId })).code).toBe('EXECUTION_NOT_FOUND');
      expect((await refused(key, { executionId: 'not-there' })).code).toBe('EXECUTION_NOT_FOUND');
    });

    it('to whoever does not see the instance, or may not trigger', async () => {
      expect((await refused(company.runner.token)).code).toBe('NOT_SHARED');
      expect((await refused(stage.team.owner.token)).code).toBe('SCOPE_MISSING');
      const { organizationId } = company;
      const reader = await keyOf(app, 'organization', { organizationId }, ['executions:read']);
      expect((await refused(reader)).code).toBe('SCOPE_MISSING');
      const foreign = await keyOf(app, 'organization', { organizationId: stage.team.organizationId });
      expect((await refused(foreign)).code).toBe('ORGANIZATION_MISMATCH');
    });
  });
});
