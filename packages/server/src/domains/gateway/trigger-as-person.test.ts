import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import {
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from '../executions/executions-for-tests.ts';
import { type Company, foundCompany, keyOf, made } from '../instances/instances-for-tests.ts';
import { ask, joined, must } from '../people-for-tests.ts';
import { countRows } from '../rows-for-tests.sql.ts';

describeEachEngine('a workflow triggered by a person who is signed in', (open) => {
  let app: TestApp;
  let stage: Stage;
  let target: RecordingTarget;
  let company: Company;
  let instance: Instance;

  const inputSchema = { type: 'object', properties: { orderId: { type: 'integer' } }, required: ['orderId'] };
  const workflows = () => [{ workflowId: 'main', targetUrl: target.url, inputSchema }];

  beforeAll(async () => {
    app = await startTestApp(await open());
    stage = await stageOn(app);
    target = await recordingTarget();
    company = await foundCompany(app);
  });
  beforeEach(async () => {
    instance = await made(app, company, company.owner, { workflows: workflows(), sharedWith: 'everyone' });
  });
  afterAll(async () => {
    await app.close();
    await target.close();
  });

  const asked = (more: object = {}) => ({
    processInstanceId: instance.processInstanceId,
    workflowId: 'main',
    payload: { orderId: 42 },
    ...more,
  });
  async function refused(credential: string, more: object = {}) {
    const before = await countRows(app.deps.store, 'executions');
    const answer = await ask(app, 'instances.trigger', asked(more), credential);
    expect(await countRows(app.deps.store, 'executions')).toBe(before);
    return refusal(answer);
  }

  it('runs, and was started by that person, for whom its target is called', async () => {
    const { runner } = company;
    const payload = { orderId: 42, executionMetadata: { userId: 'somebody else' } };
    const { executionId, status } = await must(app, 'instances.trigger', asked({ payload }), runner.token);
    expect(status).toBe('pending');
    await app.deps.dispatcher.settled();
    expect(target.calls.at(-1)?.body).toMatchObject({
      orderId: 42,
      executionMetadata: { executionId, userId: runner.userId },
    });
    const { processInstanceId } = instance;
    const read = await must(app, 'executions.get', { processInstanceId, executionId }, runner.token);
    expect(read.execution).toMatchObject({
      status: 'success',
      startedBy: { method: 'session', id: runner.userId },
      inputData: { orderId: 42 },
      rerunOf: null,
    });
  });

  it('is refused to a payload that does not fit, which is told where', async () => {
    const { owner } = company;
    expect(await refused(owner.token, { payload: { orderId: 'x' } })).toMatchObject({
      code: 'PAYLOAD_INVALID',
      details: { problem: '/orderId must be integer.' },
    });
    expect(await refused(owner.token, { payload: {} })).toMatchObject({
      details: { problem: 'the whole lacks orderId.' },
    });
  });

  it('is refused when it is paused, and when there is none', async () => {
    const { owner } = company;
    expect((await refused(owner.token, { workflowId: 'other' })).code).toBe('WORKFLOW_NOT_FOUND');
    const { processInstanceId } = instance;
    await must(app, 'instances.deactivate', { processInstanceId }, owner.token);
    expect((await refused(owner.token)).code).toBe('INSTANCE_INACTIVE');
  });

  it('counts against the rate limit of its instance', async () => {
    const rateLimit = { requests: 1, windowSeconds: 60 };
    const { processInstanceId } = instance;
    await must(app, 'instances.update', { processInstanceId, rateLimit }, company.owner.token);
    await must(app, 'instances.trigger', asked(), company.owner.token);
    expect((await refused(company.owner.token)).code).toBe('RATE_LIMITED');
  });

  it('is refused to keys, to whoever may only read, and to whoever does not see it', async () => {
    const { organizationId, owner } = company;
    const key = await keyOf(app, 'organization', { organizationId, userId: owner.userId });
    expect((await refused(key)).code).toBe('KEY_FAMILY_NOT_ALLOWED');
    const reader = await joined(app, organizationId, 'reader@company.example', 'read-only');
    expect((await refused(reader.token)).code).toBe('ROLE_INSUFFICIENT');
    expect((await refused(stage.team.owner.token)).status).toBeGreaterThanOrEqual(403);
    const { processInstanceId } = instance;
    await must(app, 'instances.update', { processInstanceId, sharedWith: 'admins' }, owner.token);
    expect((await refused(company.runner.token)).code).toBe('NOT_SHARED');
  });
});
