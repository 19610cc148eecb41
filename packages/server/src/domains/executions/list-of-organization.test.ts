import { createHmac } from 'node:crypto';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minuteMs, toIso } from '../../platform/clock.ts';
import { refusal } from '../calls-for-tests.ts';
import { type Company, foundCompany, keyOf, made } from '../instances/instances-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import {
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from './executions-for-tests.ts';

describeEachEngine('executions of an organization', (open) => {
  let app: TestApp;
  let stage: Stage;
  let target: RecordingTarget;
  let company: Company;
  let key: string;
  let startedAt: number;
  /** Of the owner in prod, of the developer, and shared with everyone. */
  let instances: { readonly owners: Instance; readonly developers: Instance; readonly shared: Instance };
  /** Newest first. */
  const ids: string[] = [];

  async function triggerEach(how: 'header' | 'query'): Promise<void> {
    for (const { processInstanceId, apiKey } of Object.values(instances)) {
      const path = `/webhook/${processInstanceId}/main`;
      const answer =
        how === 'header'
          ? await app.call(path, { body: {}, headers: { 'x-api-key': apiKey } })
          : await app.call(`${path}?api_key=${apiKey}`, { body: {} });
      expect(answer.body).toMatchObject({ success: true });
      ids.unshift(answer.body.executionId);
      app.clock.advance(1);
    }
  }

  beforeAll(async () => {
    app = await startTestApp(await open());
    stage = await stageOn(app);
    target = await recordingTarget();
    company = await foundCompany(app);
    const { organizationId, owner, developer } = company;
    key = await keyOf(app, 'organization', { organizationId, userId: owner.userId });
    const workflows = [{ workflowId: 'main', targetUrl: target.url, mode: 'callback' }];
    instances = {
      owners: await made(app, company, owner, { workflows, title: 'Owned', environment: 'prod' }),
      developers: await made(app, company, developer, { workflows, title: 'Built' }),
      shared: await made(app, company, owner, { workflows, title: 'Shared', sharedWith: 'everyone' }),
    };
    startedAt = app.clock.now();
    await triggerEach('header');
    await stage.report('error', ids[0] ?? '', { errorMessage: 'failed' });
    await stage.report('result', ids[1] ?? '', { resultData: { large: true } });
    app.clock.advance(minuteMs);
    await triggerEach('query');
    await app.deps.dispatcher.settled();
  });
  afterAll(async () => {
    await app.close();
    await target.close();
  });

  const list = (filter: object = {}, credential = key) =>
    must(
      app,
      'executions.listOfOrganization',
      { organizationId: company.organizationId, ...filter },
      credential,
    );
  const listed = async (filter: object = {}, credential = key) =>
    (await list(filter, credential)).executions.map(({ executionId }) => executionId);

  it('are listed newest first, with their instance and who started them', async () => {
    const { executions, ...page } = await list();
    expect(page).toEqual({ organizationId: company.organizationId, count: 6, nextCursor: null });
    expect(executions.map(({ executionId }) => executionId)).toEqual(ids);
    expect(executions.at(-1)).toEqual({
      executionId: ids.at(-1),
      workflowId: 'main',
      triggerId: expect.any(String),
      status: 'pending',
      createdAt: toIso(startedAt),
      processInstanceId: instances.owners.processInstanceId,
      title: 'Owned',
      environment: 'prod',
      startedBy: { method: 'instance-key', id: instances.owners.keyId, name: 'Instance key' },
    });
  });

  it.each([1, 2, 5, 6])('come in pages of %i, each once', async (limit) => {
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await list({ limit, ...(cursor !== '' && { cursor }) });
      paged.push(...page.executions.map(({ executionId }) => executionId));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(ids);
  });

  it('are found by what they are, all filters together', async () => {
    const [shared, developers, owners] = [3, 4, 5].map((index) => ids[index]);
    const { processInstanceId } = instances.developers;
    const later = toIso(startedAt + minuteMs);
    expect(await listed({ status: 'failed' })).toEqual([shared]);
    expect(await listed({ status: 'success' })).toEqual([developers]);
    expect(await listed({ status: 'pending', environment: 'prod' })).toEqual([ids[2], owners]);
    expect(await listed({ processInstanceId })).toEqual([ids[1], developers]);
    expect(await listed({ method: 'query-key' })).toEqual(ids.slice(0, 3));
    expect(await listed({ method: 'query-key', processInstanceId })).toEqual([ids[1]]);
    expect(await listed({ method: 'session' })).toEqual([]);
    expect(await listed({ from: later })).toEqual(ids.slice(0, 3));
    expect(await listed({ until: later })).toEqual(ids.slice(3));
    expect(await listed({ from: toIso(startedAt), until: toIso(startedAt + 1) })).toEqual([owners]);
    for (const workflowId of ['other', "' or 1=1", '%']) expect(await listed({ workflowId })).toEqual([]);
  });

  it.each([
    { status: 'other' },
    { method: '%' },
    { environment: 'live' },
    { from: 'yesterday' },
    { limit: '101' },
  ])('are not listed by %j', async (filter) => {
    const input = { organizationId: company.organizationId, ...filter };
    const answer = await ask(app, 'executions.listOfOrganization', input, key);
    expect(refusal(answer)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  describe('are seen by those who see their instance', () => {
    it.each([
      ['owner', ['Shared', 'Built', 'Owned']],
      ['admin', ['Shared', 'Built', 'Owned']],
      ['developer', ['Shared', 'Built']],
      ['other', ['Shared']],
      ['runner', ['Shared']],
    ] as const)('%s: %j', async (who, titles) => {
      const { executions } = await list({}, company[who].token);
      expect(executions.slice(0, titles.length).map(({ title }) => title)).toEqual(titles);
      expect(executions).toHaveLength(2 * titles.length);
    });

    it('also where one asks for the instance, or pages behind what is hidden', async () => {
      const { processInstanceId } = instances.owners;
      const { token } = company.runner;
      expect(await listed({ processInstanceId }, token)).toEqual([]);
      expect(await listed({ cursor: ids[2] }, token)).toEqual([ids[3]]);
    });

    it('and by nobody of another organization', async () => {
      const input = { organizationId: company.organizationId };
      const answer = await ask(app, 'executions.listOfOrganization', input, stage.team.owner.token);
      expect(refusal(answer)).toEqual({ status: 404, code: 'ORGANIZATION_NOT_FOUND' });
      expect(await listed({ organizationId: stage.team.organizationId }, stage.team.owner.token)).toEqual([]);
    });
  });

  it('name the key that has started them to owners and to whoever made it, and to nobody else', async () => {
    const { owner, developer, organizationId } = company;
    const { processInstanceId } = instances.shared;
    const own = await keyOf(app, 'organization', { organizationId, userId: developer.userId });
    for (const apiKey of [key, own]) {
      const headers = { 'x-process-manager-key': apiKey };
      await app.call(`/webhook/${processInstanceId}/main`, { body: {}, headers });
      app.clock.advance(1);
    }
    const names = async (token: string) =>
      (await list({ method: 'organization-key' }, token)).executions.map(({ startedBy }) => startedBy.name);
    expect(await names(owner.token)).toEqual(['A key', 'A key']);
    expect(await names(developer.token)).toEqual(['A key', null]);
    const nobodys = await keyOf(app, 'organization', { organizationId });
    expect(await names(nobodys)).toEqual([null, null]);
    await app.deps.dispatcher.settled();
  });

  it('name the signing secret to whoever sees them, and the person to members', async () => {
    const { owner, developer, organizationId } = company;
    const { processInstanceId } = instances.shared;
    const endpoint = { processInstanceId, workflowId: 'main' };
    const hook = { scheme: 'github', secret: 'it is only a test', label: 'Shop, live' };
    await must(app, 'signingSecrets.add', { ...endpoint, ...hook }, owner.token);
    const signature = createHmac('sha256', hook.secret).update('{}').digest('hex');
    const headers = { 'x-hub-signature-256': `sha256=${signature}`, 'x-github-delivery': 'one' };
    await app.call(`/webhook/${processInstanceId}/main`, { body: {}, headers });
    app.clock.advance(1);
    await must(app, 'instances.trigger', { ...endpoint, payload: {} }, developer.token);
    const names = async (credential: string) =>
      (await list({ limit: 2 }, credential)).executions.map(({ startedBy }) => startedBy.name);
    expect(await names(owner.token)).toEqual([developer.email, 'Shop, live']);
    expect(await names(developer.token)).toEqual([developer.email, 'Shop, live']);
    const nobodys = await keyOf(app, 'organization', { organizationId });
    expect(await names(nobodys)).toEqual([null, 'Shop, live']);
    await app.deps.dispatcher.settled();
  });
});
