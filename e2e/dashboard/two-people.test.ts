import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Owner } from './journey.ts';
import { type Stage, startStage } from './stage.ts';

/** The other person changes things by the API, while a form of the dashboard is open that knows nothing of it. */
describe('two people who change the same thing in the dashboard', () => {
  let stage: Stage;
  let owner: Owner;
  beforeAll(async () => {
    stage = await startStage();
    ({ owner } = stage);
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => stage.close());

  const dialog = () => owner.page.getByRole('dialog');
  const button = (name: string) => owner.page.getByRole('button', { name });

  async function made(title: string): Promise<string> {
    const { organizationId } = owner;
    const workflows = [{ workflowId: 'main', targetUrl: `${stage.target.url}/run` }];
    const instance = { organizationId, title, workflows };
    return (await (await owner.api()).callOrThrow('instances.create', instance)).processInstanceId;
  }
  async function openSettings(processInstanceId: string): Promise<void> {
    await owner.open(`instances/${processInstanceId}`);
    await owner.page.getByRole('tab', { name: 'Settings' }).click();
  }
  const read = async (processInstanceId: string) =>
    (await owner.api()).callOrThrow('instances.get', { processInstanceId });

  it('both have their way with different settings of the organization', async () => {
    const { page, organizationId } = owner;
    const api = await owner.api();
    await owner.open('settings');
    await page.getByLabel('Name').fill('Acme & Sons');
    const other = { description: 'By the other', size: '2-10' } as const;
    await api.callOrThrow('organizations.update', { organizationId, ...other });
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    const read = await api.callOrThrow('organizations.get', { organizationId });
    expect(read).toMatchObject({ name: 'Acme & Sons', ...other });
    expect(await page.getByLabel('Description').inputValue()).toBe('By the other');
  });

  it('both have their way with different settings of an instance', async () => {
    const { page } = owner;
    const processInstanceId = await made('Orders');
    await openSettings(processInstanceId);
    await page.getByLabel('Title').fill('Orders EU');
    const other = { queryKeys: false, maxConcurrency: 3, rateLimit: { requests: 7, windowSeconds: 60 } };
    await (await owner.api()).callOrThrow('instances.update', { processInstanceId, ...other });
    await button('Save').click();
    await page.getByText('Saved, and in force.').waitFor();
    expect(await read(processInstanceId)).toMatchObject({ title: 'Orders EU', ...other });
    expect(await page.getByLabel('Calls at once').inputValue()).toBe('3');
  });

  it('both have their way with workflows, also where the other comes first by a moment', async () => {
    const { page } = owner;
    const processInstanceId = await made('Invoices');
    const api = await owner.api();
    const main = { workflowId: 'main', targetUrl: `${stage.target.url}/run`, timeoutSeconds: 60 };
    const second = { workflowId: 'second', targetUrl: `${stage.target.url}/run` };
    const third = { workflowId: 'third', targetUrl: `${stage.target.url}/run` };
    await openSettings(processInstanceId);
    await button('Change main').click();
    await dialog().getByLabel('Target URL').fill(`${stage.target.url}/v2`);
    await api.callOrThrow('instances.update', { processInstanceId, workflows: [main, second] });
    let isOvertaken = false;
    await page.route(`**/v1/instances/${processInstanceId}`, async (route) => {
      if (route.request().method() === 'PATCH' && !isOvertaken) {
        isOvertaken = true;
        await api.callOrThrow('instances.update', { processInstanceId, workflows: [main, second, third] });
      }
      await route.fallback();
    });
    await button('Save workflow').click();
    await dialog().waitFor({ state: 'detached' });
    expect(isOvertaken).toBe(true);
    expect((await read(processInstanceId)).workflows).toMatchObject([
      { ...main, targetUrl: `${stage.target.url}/v2` },
      second,
      third,
    ]);
    await page.getByRole('list', { name: 'Workflows' }).getByText('third').waitFor();
  });

  it('learn that a workflow was removed meanwhile, and bring none back', async () => {
    const processInstanceId = await made('Refunds');
    await openSettings(processInstanceId);
    await button('Change main').click();
    await dialog().getByLabel('Name').fill('Refunds of a day');
    const workflows = [{ workflowId: 'other', targetUrl: `${stage.target.url}/run` }];
    await (await owner.api()).callOrThrow('instances.update', { processInstanceId, workflows });
    await button('Save workflow').click();
    await dialog().getByText('Somebody has removed this workflow meanwhile').waitFor();
    expect((await read(processInstanceId)).workflows).toMatchObject(workflows);
  });
});
