import { readFileSync } from 'node:fs';
import { verifyAuditExport } from '@latchkey/protocol/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

describe('the audit trail in the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner('Acme');
    const api = await owner.api();
    const { organizationId } = owner;
    for (let at = 0; at < 110; at += 1) {
      await api.callOrThrow('organizations.update', { organizationId, description: `Number ${at}` });
    }
    await api.call('members.remove', { organizationId, memberId: 'nobody' });
  });
  afterAll(() => dashboard.close());

  const rows = () => owner.page.getByRole('list', { name: 'Audit events' }).getByRole('listitem');

  it('shows what was done and refused, older events on request, and what is looked for alone', async () => {
    const { page } = owner;
    await owner.open('audit');
    await rows().first().getByText('MEMBER_NOT_FOUND').waitFor();
    expect(await rows().count()).toBe(100);
    await page.getByRole('button', { name: 'Show older events' }).click();
    await page.getByText('112 shown').waitFor();
    await page.getByLabel('Outcome').selectOption('refused');
    await page.getByText('1 shown').waitFor();
    await lookAt(owner, 'audit');
    await page.getByLabel('Action').fill('key.create');
    await page.getByText('No event is like this').waitFor();
    await page.getByRole('button', { name: 'Show all events' }).click();
    await page.getByText('112 shown').waitFor();
  });

  it('is checked in the browser, by the code of the command line', async () => {
    const { page } = owner;
    await owner.open('audit');
    await page.getByRole('button', { name: 'Verify in the browser' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The chain is unbroken').waitFor();
    await dialog.getByText('Each of the 112 events').waitFor();
  });

  it('that does not arrive as it was written is found out', async () => {
    const { page } = owner;
    await page.route('**/audit/export**', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace('Acme', 'Evil') });
    });
    await owner.open('audit');
    await page.getByRole('button', { name: 'Verify in the browser' }).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.getByText('The chain is broken').waitFor();
    await alert.getByText('found at event 1:').waitFor();
    await page.unroute('**/audit/export**');
  });

  it('is exported as a file that can be checked without the server', async () => {
    const { page } = owner;
    await owner.open('audit');
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const text = readFileSync(await (await downloaded).path(), 'utf8');
    expect(await verifyAuditExport(text)).toMatchObject({
      ok: true,
      chain: owner.organizationId,
      events: 112,
    });
  });
});
