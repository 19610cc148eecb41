import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { type Company, foundCompany, made } from '../instances/instances-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import {
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from './executions-for-tests.ts';

describeEachEngine('executions of an instance', (open) => {
  let app: TestApp;
  let stage: Stage;
  let target: RecordingTarget;
  let instance: Instance;
  const ids: string[] = [];

  /** Two of each millisecond: seven that ended well, then one that failed, then two that are pending. */
  beforeAll(async () => {
    app = await startTestApp(await open());
    stage = await stageOn(app);
    target = await recordingTarget();
    const workflow = { targetUrl: target.url, mode: 'callback' };
    instance = await stage.instance(workflow);
    for (let count = 0; count < 10; count += 1) {
      const id = await stage.trigger(instance);
      if (count < 7)
        await stage.report('result', id, { resultData: { count }, n8nExecutionId: `n-${count}` });
      if (count === 7) await stage.report('error', id, { errorMessage: 'failed' });
      app.clock.advance(count % 2);
      ids.unshift(id);
    }
    await app.deps.dispatcher.settled();
  });
  afterAll(async () => {
    await app.close();
    await target.close();
  });

  const list = (filter: object = {}) =>
    must(
      app,
      'executions.list',
      { processInstanceId: instance.processInstanceId, ...filter },
      stage.team.owner.token,
    );
  const listed = async (filter: object = {}) =>
    (await list(filter)).executions.map(({ executionId }) => executionId);
  /** By time; those of one millisecond in any order. */
  const byTime = async (all: readonly string[]) => {
    const times = await Promise.all(all.map(async (id) => (await stage.row(id)).created_at));
    return times.map(Number);
  };

  it('are listed newest first, without results', async () => {
    const { executions, count, nextCursor, processInstanceId } = await list();
    expect({ count, nextCursor, processInstanceId }).toEqual({
      count: 10,
      nextCursor: null,
      processInstanceId: instance.processInstanceId,
    });
    const found = executions.map(({ executionId }) => executionId);
    expect(found.toSorted()).toEqual(ids.toSorted());
    expect(await byTime(found)).toEqual((await byTime(ids)).toSorted((one, other) => other - one));
    const row = await stage.row(ids.at(-1) ?? '');
    expect(executions.at(-1)?.createdAt).toBe(executions.at(-2)?.createdAt);
    expect(executions.find(({ executionId }) => executionId === row.id)).toEqual({
      executionId: row.id,
      workflowId: 'main',
      triggerId: row.trigger_id,
      status: 'success',
      createdAt: new Date(Number(row.created_at)).toISOString(),
      duration: 0,
      n8nExecutionId: 'n-0',
    });
  });

  it.each([1, 3, 4, 9, 10])('come in pages of %i, each once', async (limit) => {
    const [whole, paged] = [await listed(), [] as string[]];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await list({ limit, ...(cursor !== '' && { cursor }) });
      expect(page.executions.length).toBeLessThanOrEqual(limit);
      paged.push(...page.executions.map(({ executionId }) => executionId));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole);
  });

  it.each([
    ['success', 7],
    ['failed', 1],
    ['pending', 2],
  ])('are found by the status %s', async (status, count) => {
    const { executions } = await list({ status });
    expect(executions.map((each) => each.status)).toEqual(Array.from({ length: count }, () => status));
  });

  it('are found by their workflow; one that is not there has none', async () => {
    expect(await listed({ workflowId: 'main' })).toHaveLength(10);
    for (const workflowId of ['other', "' or 1=1", 'ü%_']) expect(await listed({ workflowId })).toEqual([]);
    expect(await listed({ workflowId: 'main', status: 'failed', limit: 1 })).toEqual([ids[2]]);
  });

  it('are none of another instance, also by a cursor from there', async () => {
    const other = await stage.instance({ targetUrl: target.url, mode: 'callback' });
    const { processInstanceId } = other;
    expect(await listed({ processInstanceId })).toEqual([]);
    expect(await listed({ processInstanceId, cursor: ids[0] })).toEqual([]);
    expect(await listed({ cursor: 'not-there' })).toEqual([]);
  });

  it.each([
    { workflowId: 'a\u0000b' },
    { status: 'other' },
    { limit: '0' },
    { limit: '101' },
    { cursor: 'a b' },
  ])('are not listed by %j', async (filter) => {
    const input = { processInstanceId: instance.processInstanceId, ...filter };
    const answer = await ask(app, 'executions.list', input, stage.team.owner.token);
    expect(refusal(answer)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  it('are read with who started them, how, and how often they were tried', async () => {
    const [id = ''] = ids.slice(-1);
    const input = { processInstanceId: instance.processInstanceId, executionId: id };
    const { execution } = await must(app, 'executions.get', input, stage.team.owner.token);
    const at = new Date(Number((await stage.row(id)).created_at)).toISOString();
    expect(execution).toMatchObject({
      executionId: id,
      codikaExecutionId: id,
      n8nExecutionId: 'n-0',
      status: 'success',
      resultData: { count: 0 },
      startedBy: { method: 'instance-key', id: instance.keyId },
      finishedAt: at,
      n8nExecution: { startedAt: at, stoppedAt: at },
    });
    expect(JSON.stringify(execution)).not.toContain(instance.apiKey);
  });

  it('are not found by an id of another instance, or of none', async () => {
    const other = await stage.instance({ targetUrl: target.url });
    for (const executionId of [ids[0], 'not-there']) {
      const input = { processInstanceId: other.processInstanceId, executionId };
      const answer = await ask(app, 'executions.get', input, stage.team.owner.token);
      expect(refusal(answer)).toEqual({ status: 404, code: 'EXECUTION_NOT_FOUND' });
    }
  });

  describe('are seen by those who see their instance', () => {
    let company: Company;
    let own: Instance;
    let executionId: string;
    beforeAll(async () => {
      company = await foundCompany(app);
      own = await made(app, company, company.developer, {
        workflows: [{ workflowId: 'main', targetUrl: target.url, mode: 'callback' }],
      });
      executionId = await stage.trigger(own);
    });

    it.each([
      ['owner', 'OK'],
      ['admin', 'OK'],
      ['developer', 'OK'],
      ['other', 'NOT_SHARED'],
      ['runner', 'NOT_SHARED'],
    ] as const)('%s: %s', async (who, expected) => {
      const input = { processInstanceId: own.processInstanceId };
      for (const [id, fields] of [
        ['executions.list', input],
        ['executions.get', { ...input, executionId }],
      ] as const) {
        const answer = await ask(app, id, fields, company[who].token);
        expect(answer.status === 200 ? 'OK' : refusal(answer).code).toBe(expected);
      }
    });

    it('by nobody of another organization, who does not learn that there is one', async () => {
      const input = { processInstanceId: own.processInstanceId, executionId };
      for (const id of ['executions.list', 'executions.get'] as const) {
        const { executionId: _, ...listing } = input;
        const asked = id === 'executions.list' ? listing : input;
        expect(refusal(await ask(app, id, asked, stage.team.owner.token)).code).toBe('INSTANCE_NOT_FOUND');
        expect(refusal(await ask(app, id, asked)).status).toBe(401);
      }
    });
  });
});
