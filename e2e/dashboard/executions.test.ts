import type { Output } from '@latchkey/protocol';
import { createClient } from '@latchkey/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Owner } from './journey.ts';
import { lookAt } from './look.ts';
import { type Stage, startStage } from './stage.ts';

describe('executions in the dashboard', () => {
  let stage: Stage;
  let owner: Owner;
  let instance: Output<'instances.create'>;

  beforeAll(async () => {
    stage = await startStage();
    ({ owner } = stage);
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => stage.close());

  const rows = () => owner.page.getByRole('list', { name: 'Executions' }).getByRole('listitem');

  const trigger = (workflowId: string, payload: object) => stage.trigger(instance, workflowId, payload);
  async function read(executionId: string) {
    const { processInstanceId } = instance;
    const question = { processInstanceId, executionId };
    return (await (await owner.api()).callOrThrow('executions.get', question)).execution;
  }

  it('teach whoever has triggered nothing yet how that is done', async () => {
    const { page, organizationId } = owner;
    const { target } = stage;
    await owner.open('executions');
    await page.getByRole('link', { name: 'Make an instance' }).waitFor();
    instance = await (await owner.api()).callOrThrow('instances.create', {
      organizationId,
      title: 'Orders',
      workflows: [
        { workflowId: 'main', targetUrl: target.url },
        { workflowId: 'broken', targetUrl: `${target.url}/fail` },
        { workflowId: 'slow', targetUrl: target.url, mode: 'callback' },
      ],
    });
    await owner.open('executions');
    await page.getByText(`/webhook/${instance.processInstanceId}/main`).waitFor();
    await lookAt(owner, 'executions-none');
  });

  it('show up by themselves, and so does their end', async () => {
    await owner.open('executions');
    const executionId = await trigger('slow', { orderId: 1 });
    await rows().filter({ hasText: 'slow' }).getByText('Running').waitFor();
    const { executionSecret } = (await stage.target.deliveryOf(executionId)).body
      .executionMetadata as unknown as {
      executionSecret: string;
    };
    const report = { executionId, executionSecret, resultData: { invoice: 'R-1' } };
    await (await owner.api()).callOrThrow('executions.submitResult', report);
    await rows().filter({ hasText: 'slow' }).getByText('Succeeded').waitFor();
    expect(await read(executionId)).toMatchObject({ status: 'success', resultData: { invoice: 'R-1' } });
  });

  it('that failed are found, looked at, and run again', async () => {
    const { page } = owner;
    const executionId = await trigger('broken', { orderId: 4711 });
    await trigger('main', { orderId: 2 });
    await owner.open('executions');
    await rows().filter({ hasText: 'broken' }).getByText('Failed').waitFor();
    await page.getByLabel('Status').selectOption('failed');
    await rows().filter({ hasText: 'main' }).waitFor({ state: 'detached' });
    await page.waitForURL(/\?status=failed$/);
    await page.reload();
    await page.getByText('1 shown').waitFor();
    await lookAt(owner, 'executions');
    await page.getByRole('link', { name: 'Orders / broken' }).click();
    await page.getByRole('heading', { level: 1, name: 'Execution of broken' }).waitFor();
    await page.getByText('refused the request (422)').waitFor();
    await page.getByText('Look at its own log').waitFor();
    await page.getByRole('region', { name: 'Input' }).getByText('4711').waitFor();
    await lookAt(owner, 'execution');
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('dialog').getByText('may do a second time').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click();
    await page.getByText('An earlier execution').waitFor();
    await page.getByRole('status').getByText('Failed').waitFor();
    const again = page.url().split('/').at(-1) ?? '';
    expect(again).not.toBe(executionId);
    expect(await read(again)).toMatchObject({
      rerunOf: executionId,
      status: 'failed',
      startedBy: { method: 'session' },
      inputData: { orderId: 4711 },
    });
    await page.getByText(`: ${owner.email}`).waitFor();
    await page.getByRole('link', { name: 'An earlier execution' }).click();
    await page.waitForURL((url) => url.pathname.endsWith(executionId));
    await page.getByText('Run again', { exact: true }).waitFor();
    expect((await read(executionId)).reruns).toMatchObject([{ executionId: again }]);
  });

  it('lead to the key that has started them', async () => {
    const { page } = owner;
    await owner.open('executions?workflow=main');
    await page.getByText('1 shown').waitFor();
    expect(await page.getByLabel('Workflow').inputValue()).toBe('main');
    const api = await owner.api();
    const { organizationId } = owner;
    const wanted = { organizationId, name: 'Night shift', scopes: ['workflows:trigger'] };
    const { apiKey } = await api.callOrThrow('keys.createForOrganization', wanted);
    const byKey = createClient({ baseUrl: stage.dashboard.server.baseUrl, apiKey });
    const { processInstanceId } = instance;
    await byKey.callOrThrow('gateway.trigger', { processInstanceId, workflowId: 'main', payload: {} });
    await rows().getByRole('link', { name: 'Organization key: Night shift' }).click();
    await page.getByRole('heading', { level: 1, name: 'Night shift' }).waitFor();
    await page.goBack();
    await rows().getByRole('link', { name: 'Instance key' }).click();
    await page.getByText('It triggers the workflows of Orders').waitFor();
  });

  it('whose target is not there say so, when it is tried again, and when that ends', async () => {
    const { page } = owner;
    const made = await (await owner.api()).callOrThrow('instances.create', {
      organizationId: owner.organizationId,
      title: 'Unreachable',
      // Nothing listens there.
      workflows: [{ workflowId: 'main', targetUrl: 'http://127.0.0.1:9/run' }],
    });
    await owner.open(`instances/${made.processInstanceId}`);
    await page.getByRole('button', { name: 'Trigger' }).click();
    await page.getByText('No connection to 127.0.0.1:9 could be made.').waitFor();
    await page.getByText('It is tried again at').waitFor();
    await page.getByRole('link', { name: 'Open this execution' }).click();
    await page.getByRole('heading', { level: 1, name: 'Execution of main' }).waitFor();
    await page.getByText('No connection to 127.0.0.1:9 could be made.').waitFor();
    await page.getByText('Without a result it fails at').waitFor();
    await lookAt(owner, 'execution-waiting');
    const question = {
      processInstanceId: made.processInstanceId,
      executionId: page.url().split('/').at(-1) ?? '',
    };
    const { execution } = await (await owner.api()).callOrThrow('executions.get', question);
    expect(execution).toMatchObject({
      status: 'pending',
      lastFailure: { code: expect.stringMatching(/^TARGET_/) },
    });
  });

  it('of another time, or of nobody, are none, and all are a press away', async () => {
    const { page } = owner;
    await owner.open('executions?from=2001-01-01&until=2001-01-02');
    await page.getByText('No execution is like this').waitFor();
    await page.getByRole('button', { name: 'Show all executions' }).click();
    await page.getByText('6 shown').waitFor();
    await page.waitForURL((url) => url.search === '');
  });
});
