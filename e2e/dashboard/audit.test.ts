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
    await page.waitForURL((url) => url.search === '?outcome=refused');
    await page.reload();
    await page.getByText('1 shown').waitFor();
    await page.getByLabel('From').fill('2026-03-02');
    await page.getByLabel('To', { exact: true }).fill('2026-03-01');
    await page.getByText('before the one in From').waitFor();
    await page.getByLabel('From').fill('');
    await page.getByLabel('To', { exact: true }).fill('');
    await page.getByText('1 shown').waitFor();
    await lookAt(owner, 'audit');
    await page.getByLabel('Action').selectOption('Made a key');
    await page.getByText('No event is like this').waitFor();
    await page.getByRole('button', { name: 'Show all events' }).click();
    await page.getByText('100 shown').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('holds nothing of personal keys, and says where that stands', async () => {
    const { page, organizationId } = owner;
    const api = await owner.api();
    const wanted = { name: 'Of a person', scopes: ['projects:read'] };
    const { keyId } = await api.callOrThrow('keys.createPersonal', wanted);
    await owner.open('audit');
    await page.getByText('Making, changing and revoking a personal key is not here').waitFor();
    await page.getByText('latchkey audit --organization server').waitFor();
    const { events } = await api.callOrThrow('audit.list', { organizationId, resource: keyId });
    expect(events).toEqual([]);
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

  it('says in words what was done to what, and leads there', async () => {
    const { page, organizationId } = owner;
    const api = await owner.api();
    const wanted = { organizationId, name: '=CI', scopes: ['workflows:trigger'] };
    const { keyId } = await api.callOrThrow('keys.createForOrganization', wanted);
    await owner.open('audit');
    await page.getByLabel('Action').selectOption('Made a key');
    await page.getByLabel('Who').fill(owner.email.slice(0, 5).toUpperCase());
    await page.getByText('1 shown').waitFor();
    expect(await rows().getByText('Mozilla').isVisible()).toBe(false);
    await rows().getByText('Details').click();
    await rows().getByText(keyId).waitFor();
    await rows().getByText('key.create').waitFor();
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'Save what is shown as CSV' }).click();
    const lines = readFileSync(await (await downloaded).path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`"Made the key","'=CI","done"`);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
    await rows().getByText('Made the key').getByRole('link', { name: '=CI' }).click();
    await page.waitForURL((url) => url.pathname.endsWith(`/keys/${keyId}`));
    await page.getByRole('heading', { level: 1, name: '=CI' }).waitFor();
  });

  it('is exported as a file that can be checked without the server', async () => {
    const { page } = owner;
    await owner.open('audit');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('whatever is chosen in the filters').waitFor();
    await lookAt(owner, 'audit-export');
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the whole chain' }).click();
    const text = readFileSync(await (await downloaded).path(), 'utf8');
    expect(await verifyAuditExport(text)).toMatchObject({
      ok: true,
      chain: owner.organizationId,
      events: 113,
    });
  });
});
