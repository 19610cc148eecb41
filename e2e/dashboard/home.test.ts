import { createClient } from '@latchkey/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Owner } from './journey.ts';
import { lookAt } from './look.ts';
import { type Stage, startStage } from './stage.ts';

describe('the home page', () => {
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

  const keyRows = () => owner.page.getByRole('row').filter({ has: owner.page.getByRole('link') });

  async function makeKey(name: string, expiresInDays: number): Promise<string> {
    const wanted = { organizationId: owner.organizationId, name, scopes: ['keys:verify'], expiresInDays };
    return (await (await owner.api()).callOrThrow('keys.createForOrganization', wanted)).apiKey;
  }

  it('begins with the first steps of a new organization', async () => {
    const { page } = owner;
    await owner.open('');
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.getByRole('link', { name: 'Make an instance' }).waitFor();
    await page.getByText('No key was used in the last 24 hours').waitFor();
    await lookAt(owner, 'home-new');
    await steps.getByRole('link', { name: 'Make a key' }).click();
    await page.getByRole('heading', { name: 'Make the first key' }).waitFor();
  });

  it('names a key that ends soon, and leads to all of them', async () => {
    const { page, organizationId } = owner;
    await makeKey('Quarterly export', 3);
    await makeKey('Deploy', 300);
    await owner.open('');
    const soon = page.getByRole('region', { name: 'Keys that end soon' });
    await soon.getByRole('link', { name: 'Quarterly export' }).waitFor();
    expect(await soon.getByRole('link', { name: 'Deploy' }).count()).toBe(0);
    await soon.getByRole('link', { name: 'All that end soon' }).click();
    await page.getByText('1 key', { exact: true }).waitFor();
    expect(await keyRows().allTextContents()).toMatchObject([expect.stringContaining('Quarterly export')]);
    expect(await page.getByLabel('Ends').inputValue()).toBe('14');
    const endsBefore = new Date(Date.now() + 14 * 86_400_000).toISOString();
    const asked = { organizationId, endsBefore };
    const { keys } = await (await owner.api()).callOrThrow('keys.inventory', asked);
    expect(keys.map(({ name }) => name)).toEqual(['Quarterly export']);
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByText('2 keys', { exact: true }).waitFor();
  });

  it('draws what came of keys, names the instance that fails, and tells of the last changes', async () => {
    const { page, organizationId } = owner;
    const api = await owner.api();
    const apiKey = await makeKey('Verifier', 200);
    const verifier = createClient({ baseUrl: stage.dashboard.server.baseUrl, apiKey });
    await verifier.callOrThrow('keys.verify', { key: apiKey });
    await verifier.callOrThrow('keys.verify', { key: apiKey, allScopes: ['executions:read'] });
    const instance = await api.callOrThrow('instances.create', {
      organizationId,
      title: 'Payments',
      workflows: [{ workflowId: 'main', targetUrl: `${stage.target.url}/fail` }],
    });
    await stage.target.deliveryOf(await stage.trigger(instance, 'main', {}));
    await owner.open('');
    const fails = page.getByRole('region', { name: 'Instances that fail' });
    await fails.getByText('1 of 1 failed').waitFor();
    await page.getByRole('list', { name: 'Audit events' }).getByText('Made the instance').first().waitFor();
    await page.getByRole('region', { name: 'First steps' }).waitFor({ state: 'detached' });
    const uses = page.getByRole('figure', { name: 'Uses of keys in the last 24 hours' });
    await uses.locator('path.recharts-rectangle').first().waitFor({ timeout: 30_000 });
    await lookAt(owner, 'home');
    await fails.getByRole('link', { name: 'Payments' }).click();
    await page.getByText('1 shown').waitFor();
    const { processInstanceId } = instance;
    const failed = { organizationId, processInstanceId, status: 'failed' } as const;
    expect((await api.callOrThrow('executions.listOfOrganization', failed)).count).toBe(1);
    const { hours } = await api.callOrThrow('organizations.activity', { organizationId });
    expect(hours.at(-1)?.outcomes).toMatchObject({ SCOPE_MISSING: 1 });
  });

  it('tells a member that they do not see what others do', async () => {
    const { organizationId } = owner;
    const api = await owner.api();
    const carol = await stage.dashboard.newcomer();
    await api.callOrThrow('members.invite', { organizationId, email: carol.email, role: 'developer' });
    await stage.dashboard.mail.waitFor(carol.email);
    await carol.page.goto('/');
    await carol.page.getByRole('link', { name: 'Sign in' }).click();
    await carol.page.getByLabel('Email address').fill(carol.email);
    await carol.page.keyboard.press('Enter');
    await carol.page.getByRole('heading', { name: 'Check your email' }).waitFor();
    await carol.page.locator('input:focus').fill(await stage.dashboard.mail.codeFor(carol.email));
    await carol.page.keyboard.press('Enter');
    await carol.page.getByRole('heading', { name: 'You are invited' }).waitFor();
    await carol.page.getByRole('button', { name: 'Continue' }).click();
    await carol.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await carol.page.getByText('The keys of others are for owners and admins to see').waitFor();
    await carol.page.getByText('Done is what you can see done').waitFor();
    await lookAt(carol, 'home-member');
    const { hours } = await (await carol.api()).callOrThrow('organizations.activity', { organizationId });
    expect(hours).toEqual([]);
  });
});
