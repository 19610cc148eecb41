import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../database.ts';
import { type Dashboard, type Owner, startDashboard } from './journey.ts';

const count = 10_000;

const nameOf = (number: number) => `Key ${String(number).padStart(5, '0')}`;

/** As many rows as minting would have written, each key a millisecond younger than the one before. */
function seedOf(organizationId: string): string {
  return `insert into api_keys (
      id, family, digest, prefix, name, description, scopes, organization_id, created_at, updated_at
    )
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
    select printf('019d312f-0000-7000-8000-%012d', n), 'organization', 'seeded.' || n, 'cko_seeded00',
      printf('Key %05d', n), '', '["workflows:trigger"]', '${organizationId}', ${Date.now()} + n, ${Date.now()}
    from numbers`;
}

describe('ten thousand keys in the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner();
    const { dataDir } = dashboard.server;
    const database = await openDatabase({ engine: 'sqlite', dataDir, databaseUrl: undefined });
    await database.change(seedOf(owner.organizationId));
    await database.close();
  });
  afterAll(() => dashboard.close());

  const row = (name: string) => owner.page.getByRole('row').filter({ hasText: name });
  const found = async (text: string) => {
    const question = { organizationId: owner.organizationId, text, state: 'all' } as const;
    return (await owner.api()).callOrThrow('keys.inventory', question);
  };

  it('are all counted, and scrolled through with few of them in the page at a time', async () => {
    const { page } = owner;
    await owner.open('keys');
    await page.getByText('10,000 keys').waitFor();
    const list = page.getByRole('region', { name: 'Keys' });
    const rowHeightPx = await row('Key 10000').evaluate((element) => element.clientHeight);
    for (const seen of [200, 400, 600]) {
      await list.evaluate((element, px) => element.scrollTo(0, px), (seen - 5) * rowHeightPx);
      await row(nameOf(count + 1 - seen)).waitFor();
    }
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await list.evaluate((element) => element.scrollTo(0, 0));
    await row('Key 10000').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    expect(owner.complaints).toEqual([]);
  });

  it('are looked at from any place, and a change asks for no more than what is looked at', async () => {
    const { page } = owner;
    await owner.open('keys');
    const list = page.getByRole('region', { name: 'Keys' });
    const rowHeightPx = await row('Key 10000').evaluate((element) => element.clientHeight);
    await list.evaluate((element, px) => element.scrollTo(0, px), 6_999 * rowHeightPx);
    await row('Key 03001').waitFor();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/key-inventory?')) asked += 1;
    });
    await page.getByRole('button', { name: 'Actions for Key 03001' }).click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByText('in force').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
    await page.getByText('9,999 keys').waitFor();
    await row('Key 03001').waitFor({ state: 'detached' });
    await row('Key 03000').waitFor();
    expect(asked).toBeLessThanOrEqual(3);
    expect((await found('03001')).keys).toMatchObject([{ name: 'Key 03001', state: 'revoked' }]);
  });

  it('are found by a few letters, and the one that was meant is revoked', async () => {
    const { page } = owner;
    await owner.open('keys');
    await page.getByLabel('Search').fill('04711');
    await page.getByText('1 key', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Actions for Key 04711' }).click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByText('in force').waitFor();
    expect((await found('04711')).keys).toMatchObject([{ name: 'Key 04711', state: 'revoked' }]);
    const { organizationId } = owner;
    expect((await (await owner.api()).callOrThrow('keys.inventory', { organizationId })).total).toBe(
      count - 2,
    );
  });
});
