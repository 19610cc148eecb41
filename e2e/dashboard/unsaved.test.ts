import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

describe('what is typed in the dashboard and not sent yet', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner('Acme');
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => dashboard.close());

  const dialog = () => owner.page.getByRole('dialog');
  const button = (name: string) => owner.page.getByRole('button', { name, exact: true });
  const question = () => owner.page.getByRole('alert').getByText('Leave what you have typed?');
  async function stay(): Promise<void> {
    await question().waitFor();
    await owner.page.locator('button:focus', { hasText: 'Stay here' }).click();
    await question().waitFor({ state: 'detached' });
  }
  async function keysCalled(text: string) {
    const { organizationId } = owner;
    return (await (await owner.api()).callOrThrow('keys.inventory', { organizationId, text })).keys;
  }
  async function described(): Promise<string> {
    const { organizationId } = owner;
    return (await (await owner.api()).callOrThrow('organizations.get', { organizationId })).description;
  }

  it('is not lost with a dialog by a slip, and goes with whoever means it', async () => {
    const { page } = owner;
    await owner.open('');
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await button('New key').click();
    await dialog().getByLabel('Name').fill('Half');
    const slips = [
      () => page.keyboard.press('Escape'),
      () => dialog().getByRole('button', { name: 'Close', exact: true }).click(),
      () => page.evaluate('history.back()'),
    ];
    for (const slip of slips) {
      await slip();
      await stay();
      await page.locator('input:focus').waitFor();
      expect(await dialog().getByLabel('Name').inputValue()).toBe('Half');
    }
    await page.keyboard.press('Escape');
    await question().waitFor();
    await lookAt(owner, 'keys-half');
    await button('Leave it').click();
    await dialog().waitFor({ state: 'detached' });
    expect(await keysCalled('Half')).toEqual([]);
    await button('New key').click();
    await dialog().locator('input:focus').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('is not lost with a page by a link or by closing it, and is asked about no more once it is saved', async () => {
    const { page } = owner;
    const leave = () => page.getByRole('link', { name: 'Keys', exact: true }).click();
    await owner.open('settings');
    await page.getByLabel('Description').fill('Half');
    await leave();
    await stay();
    const [asked] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })]);
    expect(asked.type()).toBe('beforeunload');
    await asked.dismiss();
    expect(await page.getByLabel('Description').inputValue()).toBe('Half');
    expect(await described()).toBe('');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    await leave();
    await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
    expect(await described()).toBe('Half');
    await page.goBack();
    await page.getByLabel('Description').fill('Another');
    await leave();
    await question().waitFor();
    await button('Leave it').click();
    await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
    expect(await described()).toBe('Half');
  });

  it('stays where the session has ended elsewhere, and is sent after signing in in another tab', async () => {
    const { context } = owner;
    await owner.open('keys');
    await button('New key').click();
    await dialog().getByLabel('Name').fill('Kept');
    await dialog().getByLabel('Trigger workflows').check();
    // A second code is mailed a minute after the first: the session that comes back is the one that has gone.
    const session = await context.cookies();
    await context.clearCookies();
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await button('Create key').click();
      await dialog().getByRole('alert').getByText('Your session has ended').waitFor();
      await dialog().locator('button:enabled', { hasText: 'Create key' }).waitFor();
    }
    await lookAt(owner, 'session-ended');
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      dialog().getByRole('link', { name: 'Sign in in another tab' }).click(),
    ]);
    await tab.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await context.addCookies(session);
    await tab.close();
    expect(await keysCalled('Kept')).toEqual([]);
    await button('Create key').click();
    await dialog().getByText('it will not come back').waitFor();
    expect(await keysCalled('Kept')).toMatchObject([{ createdBy: owner.email }]);
  });

  it('goes from the page of whoever signs out', async () => {
    const { page } = owner;
    await owner.open('settings');
    await page.getByLabel('Description').fill('Gone');
    page.once('dialog', (asked) => void asked.accept());
    await button(owner.email).click();
    const before = await owner.api();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(await before.call('sessions.me', {})).toMatchObject({ status: 401 });
  });
});
