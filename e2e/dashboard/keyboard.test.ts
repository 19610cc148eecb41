import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, type Person, startDashboard } from './journey.ts';

/** More than any page has to be walked through. */
const maxTabs = 60;

/** What of an element may show that it has the focus. */
const looksOf = (wanted: Locator) =>
  wanted.evaluate((element) => {
    const style = element.ownerDocument.defaultView?.getComputedStyle(element);
    return [style?.outline, style?.borderColor, style?.boxShadow, style?.backgroundColor].join(' ');
  });

/** Walks on with the Tab key until the focus is there, as somebody without a mouse has to; it has to be seen there. */
async function walkTo({ page }: Pick<Person, 'page'>, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  const before = await looksOf(wanted);
  for (let tabs = 0; tabs < maxTabs; tabs++) {
    await page.keyboard.press('Tab');
    const isThere = await wanted.evaluate((element) => element === element.ownerDocument.activeElement);
    if (!isThere) continue;
    await expect.poll(() => looksOf(wanted), { message: 'the focus is not seen' }).not.toBe(before);
    return;
  }
  throw new Error(`the keyboard does not get to ${String(wanted)}`);
}

describe('by the keyboard alone', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner();
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => dashboard.close());

  const button = (name: string | RegExp) => owner.page.getByRole('button', { name, exact: true });
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => owner.page.keyboard.press(key)), Promise.resolve());
  const goTo = async (place: string) => {
    await walkTo(owner, owner.page.getByRole('link', { name: place, exact: true }));
    await press('Enter');
    await owner.page.getByRole('heading', { level: 1, name: place }).waitFor();
  };

  it('somebody signs in', async () => {
    const { email, page, api } = await dashboard.newcomer();
    await page.goto('/');
    await walkTo({ page }, page.getByRole('link', { name: 'Sign in' }));
    await page.keyboard.press('Enter');
    await page.locator('input:focus').waitFor();
    await page.keyboard.type(email);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Check your email' }).waitFor();
    await page.locator('input:focus').waitFor();
    await page.keyboard.type(await dashboard.mail.codeFor(email));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !/^\/(oauth|interaction|session)\b/.test(url.pathname));
    const me = await (await api()).callOrThrow('sessions.me', {});
    expect(me.email).toBe(email);
  });

  it('a key is found and revoked', async () => {
    const { organizationId } = owner;
    const api = await owner.api();
    const wanted = { organizationId, name: 'Old laptop', scopes: ['workflows:trigger'] };
    const { keyId } = await api.callOrThrow('keys.createForOrganization', wanted);
    await owner.open('');
    await goTo('Keys');
    await walkTo(owner, button('Actions for Old laptop'));
    await press('Enter');
    await owner.page.getByRole('menuitem').first().waitFor();
    await press('ArrowDown', 'ArrowUp');
    await owner.page.locator('[role=menuitem]:focus', { hasText: 'Revoke' }).waitFor();
    await press('Enter');
    await walkTo(owner, owner.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }));
    await press('Enter');
    await owner.page.getByRole('dialog').getByText('in force').waitFor();
    await press('Escape');
    const question = { organizationId, state: 'all' } as const;
    const { keys } = await api.callOrThrow('keys.inventory', question);
    expect(keys.find((key) => key.keyId === keyId)?.state).toBe('revoked');
  });

  it('somebody is invited as an admin', async () => {
    const { organizationId, page } = owner;
    await owner.open('');
    await goTo('Members');
    await walkTo(owner, button('Invite somebody'));
    await press('Enter');
    await page.getByRole('dialog').locator('input:focus').waitFor();
    await page.keyboard.type('carol@example.test');
    await walkTo(owner, page.getByRole('dialog').getByLabel('Role'));
    await page.keyboard.type('Admin');
    await walkTo(owner, page.getByRole('dialog').getByRole('button', { name: 'Send invitation' }));
    await press('Enter');
    await page.getByRole('list', { name: 'Invitations' }).getByText('carol@example.test').waitFor();
    const { invitations } = await (await owner.api()).callOrThrow('members.list', { organizationId });
    expect(invitations).toMatchObject([{ email: 'carol@example.test', role: 'admin' }]);
  });
});
