import { createClient } from '@latchkey/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

/** What keys were used for is written down every few seconds. */
const written = { timeout: 30_000 };

describe('the page of a key', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  let apiKey: string;
  let keyId: string;

  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner();
    const wanted = {
      organizationId: owner.organizationId,
      name: 'Nightly report',
      scopes: ['workflows:trigger', 'keys:verify'],
      limits: [{ requests: 5, windowSeconds: 3600 }],
      budget: { total: 1_000 },
      expiresInDays: 90,
    };
    ({ apiKey, keyId } = await (await owner.api()).callOrThrow('keys.createForOrganization', wanted));
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => dashboard.close());

  const byKey = () => createClient({ baseUrl: dashboard.server.baseUrl, apiKey });
  const readExecutions = async () => {
    const { organizationId } = owner;
    return (await byKey().call('executions.listOfOrganization', { organizationId })).status;
  };
  const activity = async () => {
    const { organizationId } = owner;
    return (await owner.api()).callOrThrow('keys.activity', { organizationId, keyId });
  };

  it('says why the key was refused and what to do, and that is done there', async () => {
    const { page } = owner;
    expect(await readExecutions()).toBe(403);
    await owner.open('keys');
    await page.getByRole('link', { name: 'Nightly report' }).click();
    const refusals = page.getByRole('list', { name: 'Refusals' });
    await refusals.getByText('This key does not have the scope that this needs.').waitFor(written);
    await refusals.getByText('executions:read').first().waitFor();
    await refusals.getByText('Add it to this key by Change').waitFor();
    await refusals.getByText('127.0.0.1').waitFor();
    expect((await activity()).refusals).toMatchObject([
      { code: 'SCOPE_MISSING', missing: 'executions:read' },
    ]);
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('List and read execution details').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'What it may do' }).getByText('executions:read').waitFor();
    expect(await readExecutions()).toBe(200);
  });

  it('tells a request that was wrong from a use, and from a key that was refused', async () => {
    const { organizationId, page } = owner;
    const api = await owner.api();
    const wanted = { organizationId, name: 'Wrong calls', scopes: ['executions:read'] };
    const made = await api.callOrThrow('keys.createForOrganization', wanted);
    const nowhere = '019d312f-0000-7000-8000-000000000000';
    const client = createClient({ baseUrl: dashboard.server.baseUrl, apiKey: made.apiKey });
    const ids = { processInstanceId: nowhere, executionId: nowhere };
    expect((await client.call('executions.get', ids)).status).toBe(404);
    await owner.open(`keys/${made.keyId}`);
    await page.getByText('The key was accepted and the request was not, for 1 request').waitFor(written);
    await page.getByText('No request with it was accepted yet.').waitFor();
    await page.getByText('The key itself was not refused').waitFor();
    const uses = page.getByRole('figure', { name: 'Uses in the last 7 days' });
    await uses.getByText('1 refused for what was asked, not for the key').waitFor();
    expect(await page.getByText('Nobody used it').count()).toBe(0);
    const { hours, key } = await api.callOrThrow('keys.activity', { organizationId, keyId: made.keyId });
    expect([hours, key.lastUsed]).toMatchObject([[{ outcomes: { REQUEST_REFUSED: 1 } }], null]);
  });

  it('shows how often it was used, and what is left of its limits', async () => {
    const { page } = owner;
    for (let use = 0; use < 6; use += 1) await byKey().call('keys.verify', { key: apiKey });
    await owner.open(`keys/${keyId}`);
    await page.getByText('0 of 5 left').waitFor();
    await page.getByText('995 of 1,000 left').waitFor();
    const uses = page.getByRole('figure', { name: 'Uses in the last 7 days' });
    await page.getByRole('list', { name: 'Refusals' }).getByText('RATE_LIMITED').waitFor(written);
    await uses.locator('path.recharts-rectangle').first().waitFor();
    await uses.getByText('The numbers as a table').click();
    await page.evaluate('window.scrollTo(0, 0)');
    await lookAt(owner, 'key');
    const limited = uses.getByRole('columnheader', { name: 'over a limit' });
    await limited.waitFor();
    await page.getByText('24 hours', { exact: true }).click();
    const today = page.getByRole('figure', { name: 'Uses in the last 24 hours' });
    await today.getByText('2 refused', { exact: false }).waitFor();
    const { limits, budget } = await activity();
    expect([limits, budget]).toMatchObject([[{ used: 5, remaining: 0 }], { used: 5 }]);
  });

  it('ends it', async () => {
    const { page } = owner;
    await owner.open(`keys/${keyId}`);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByText('in force').waitFor();
    expect(await readExecutions()).toBe(401);
    await page.keyboard.press('Escape');
    await page.locator('dd').getByText('Revoked', { exact: true }).waitFor();
    await page.locator('dt:text-is("Revoked") + dd').getByText(`by ${owner.email}`).waitFor();
    expect(await page.getByText('Ends', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Revoke' }).count()).toBe(0);
    await page.getByRole('list', { name: 'Refusals' }).getByText('This key was revoked.').waitFor(written);
    expect((await activity()).refusals[0]).toMatchObject({ code: 'REVOKED', address: '127.0.0.1' });
  });

  it('of a key that is not there leads back to the list', async () => {
    const { page } = owner;
    await owner.open('keys/nobody');
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'All keys' }).click();
    await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
  });
});
