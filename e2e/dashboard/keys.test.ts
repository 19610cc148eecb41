import { readFileSync } from 'node:fs';
import { createClient } from '@latchkey/sdk';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, sizes, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

describe('keys in the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  const api = () => owner.api();

  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner();
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => dashboard.close());

  const button = (name: string | RegExp): Locator => owner.page.getByRole('button', { name });
  const dialog = () => owner.page.getByRole('dialog');
  const rowOf = (name: string) => owner.page.getByRole('row').filter({ hasText: name });

  /** The status with which the API answers a key. */
  async function statusOf(apiKey: string): Promise<number> {
    const client = createClient({ baseUrl: dashboard.server.baseUrl, apiKey });
    const environment = apiKey.startsWith('ck_dev');
    const asked = environment
      ? client.call('environmentKeys.whoami', { environment: 'dev' })
      : client.call('keys.whoami', {});
    return (await asked).status;
  }
  async function keysCalled(name: string) {
    const { organizationId } = owner;
    const question = { organizationId, text: name, state: 'all' } as const;
    return (await (await api()).callOrThrow('keys.inventory', question)).keys;
  }
  const made = async (name: string, more: object = {}): Promise<string> => {
    const wanted = { organizationId: owner.organizationId, name, scopes: ['workflows:trigger'], ...more };
    return (await (await api()).callOrThrow('keys.createForOrganization', wanted)).apiKey;
  };
  const secretShown = async () => (await dialog().getByLabel('The new key').textContent()) ?? '';
  async function act(name: string, action: string): Promise<void> {
    await button(`Actions for ${name}`).click();
    await owner.page.getByRole('menuitem', { name: action }).click();
  }

  it('teach whoever has none what one is for', async () => {
    await owner.open('keys');
    await owner.page.getByRole('heading', { name: 'Make the first key' }).waitFor();
    await lookAt(owner, 'keys-none');
  });

  it('let CI in: one is made, copied, saved as a file, and used', async () => {
    const { page } = owner;
    await owner.open('keys');
    await button('New key').click();
    await dialog().getByLabel('Name').fill('CI');
    await dialog().getByLabel('Trigger workflows').check();
    await lookAt(owner, 'keys-new');
    await dialog().getByLabel('Only from these addresses').fill('127.0.0.0/8');
    await button('Create key').click();
    await dialog().getByText('it will not come back').waitFor();
    const secret = await secretShown();
    await lookAt(owner, 'keys-secret');
    await dialog().getByRole('button', { name: 'Copy' }).click();
    await dialog().getByRole('status').getByText('Copied', { exact: true }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      button('Download as .env file').click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toBe(`LATCHKEY_API_KEY=${secret}\n`);
    expect(file.suggestedFilename()).toBe('latchkey.env');
    await button('I have saved it').click();
    await rowOf('CI').getByText('Active').waitFor();
    expect(await page.content()).not.toContain(secret);
    expect(await statusOf(secret)).toBe(200);
    expect(await keysCalled('CI')).toMatchObject([
      { scopes: ['workflows:trigger'], allowedAddresses: ['127.0.0.0/8'], createdBy: owner.email },
    ]);
  });

  it('can be made by the keyboard alone', async () => {
    const { keyboard } = owner.page;
    await owner.open('keys');
    await owner.page.locator('button:enabled', { hasText: 'New key' }).focus();
    await keyboard.press('Enter');
    await dialog().locator('input:focus').waitFor();
    await keyboard.type('By hand');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await keyboard.press('Enter');
    await dialog().getByText('it will not come back').waitFor();
    await dialog().locator('button:focus', { hasText: 'Copy' }).waitFor();
    const secret = await secretShown();
    await keyboard.press('Enter');
    await dialog().getByRole('button', { name: 'Copied' }).waitFor();
    await keyboard.press('Escape');
    await owner.page.locator('button:focus', { hasText: 'New key' }).waitFor();
    expect(await statusOf(secret)).toBe(200);
  });

  it('are not lost by a slip before they are saved', async () => {
    const { page } = owner;
    await owner.open('');
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await button('New key').click();
    await dialog().getByLabel('Name').fill('Slip');
    await dialog().getByLabel('Trigger workflows').check();
    await button('Create key').click();
    await dialog().getByText('it will not come back').waitFor();
    const secret = await secretShown();
    expect(await dialog().getByRole('radio').count()).toBe(0);
    const slips = [
      () => page.keyboard.press('Escape'),
      () => dialog().getByRole('button', { name: 'Close', exact: true }).click(),
      () => page.evaluate('history.back()'),
    ];
    for (const slip of slips) {
      await slip();
      await dialog().getByRole('alert').getByText('It will not be shown again').waitFor();
      await page.locator('button:focus', { hasText: 'Back to the key' }).click();
      expect(await secretShown()).toBe(secret);
    }
    await page.keyboard.press('Escape');
    await lookAt(owner, 'keys-unsaved');
    await button('Close without saving').click();
    await dialog().waitFor({ state: 'detached' });
    expect(await statusOf(secret)).toBe(200);
  });

  it('are refused from the moment they are revoked', async () => {
    const apiKey = await made('Lost laptop');
    expect(await statusOf(apiKey)).toBe(200);
    await owner.open('keys');
    await act('Lost laptop', 'Revoke');
    await dialog().getByText('cannot be undone').waitFor();
    await lookAt(owner, 'keys-revoke');
    await owner.page.keyboard.press('Escape');
    await owner.page.locator('button:focus').and(button('Actions for Lost laptop')).waitFor();
    expect(await statusOf(apiKey)).toBe(200);
    await act('Lost laptop', 'Revoke');
    await dialog().getByRole('button', { name: 'Revoke' }).click();
    await dialog().getByText('in force').waitFor();
    expect(await statusOf(apiKey)).toBe(401);
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await rowOf('Lost laptop').waitFor({ state: 'detached' });
    await owner.page.locator('h1:focus').waitFor();
  });

  it('pause, and go on', async () => {
    const apiKey = await made('Nightly');
    await owner.open('keys');
    await act('Nightly', 'Disable');
    await dialog().getByRole('button', { name: 'Disable' }).click();
    await dialog().getByRole('heading', { name: 'The key is disabled' }).waitFor();
    await dialog().getByText('in force').waitFor();
    expect(await statusOf(apiKey)).not.toBe(200);
    await owner.page.keyboard.press('Escape');
    await rowOf('Nightly').getByText('Disabled').waitFor();
    await act('Nightly', 'Enable');
    await dialog().getByRole('button', { name: 'Enable' }).click();
    await dialog().getByText('in force').waitFor();
    expect(await statusOf(apiKey)).toBe(200);
  });

  it('get another name and other scopes', async () => {
    await made('Depoly');
    await owner.open('keys');
    await act('Depoly', 'Change');
    await dialog().getByLabel('Name').fill('Deploy');
    await dialog().getByLabel('Deploy use cases').check();
    await lookAt(owner, 'keys-change');
    await button('Save').click();
    await owner.page.getByRole('link', { name: 'Deploy', exact: true }).waitFor();
    expect(await keysCalled('Deploy')).toMatchObject([{ scopes: ['workflows:trigger', 'deploy:use-case'] }]);
  });

  it('of an environment are made, and rotated with an overlap that says who still uses the old one', async () => {
    await owner.open('keys');
    await button('New key').click();
    await dialog().getByLabel('Environment key').check();
    await dialog().getByText('lets no environment key trigger its workflows').waitFor();
    await dialog().getByLabel('Name').fill('worker');
    await dialog().getByLabel('Level').selectOption('developer');
    await lookAt(owner, 'keys-new-environment');
    await button('Create key').click();
    await dialog().getByText('it will not come back').waitFor();
    const before = await secretShown();
    await button('I have saved it').click();
    expect(await statusOf(before)).toBe(200);
    await act('worker', 'Change');
    await dialog().getByLabel('Description').fill('Reads what others write');
    await dialog().getByLabel('Level').selectOption('read-only');
    await lookAt(owner, 'keys-change-environment');
    await button('Save').click();
    await rowOf('worker').getByText('read-only').waitFor();
    expect(await keysCalled('worker')).toMatchObject([
      { level: 'read-only', description: 'Reads what others write' },
    ]);
    await act('worker', 'Rotate');
    await dialog().getByRole('button', { name: 'Rotate' }).click();
    await dialog().getByText('The old key still works').waitFor();
    const after = await secretShown();
    await owner.page.keyboard.press('Escape');
    await button('Back to the key').click();
    await lookAt(owner, 'keys-rotated');
    expect(after).not.toBe(before);
    expect([await statusOf(before), await statusOf(after)]).toEqual([200, 200]);
    await dialog().getByText('from 127.0.0.1').waitFor();
    await button('I have saved it').click();
    await rowOf('worker').getByText('Being replaced').waitFor();
    expect((await keysCalled('worker')).map(({ state }) => state).sort()).toEqual(['active', 'rotating']);
  });

  it('are made once, also where the connection breaks and the button is pressed again', async () => {
    await owner.open('keys');
    await button('New key').click();
    await dialog().getByLabel('Name').fill('Once');
    await dialog().getByLabel('Trigger workflows').check();
    await owner.withoutNetwork(async () => {
      await button('Create key').click();
      await dialog().getByRole('alert').getByText('Cannot reach').waitFor();
      await dialog().getByText('the key is made once').waitFor();
    });
    expect(await keysCalled('Once')).toEqual([]);
    await owner.withoutAnswers(`**/v1/organizations/${owner.organizationId}/keys`, async () => {
      await button('Create key').click();
      await dialog().getByRole('alert').getByText('Cannot reach').waitFor();
    });
    await button('Create key').click();
    await dialog().getByText('its secret did not arrive').waitFor();
    await button('Show me the list').click();
    await rowOf('Once').waitFor();
    expect(await keysCalled('Once')).toHaveLength(1);
  });

  it('are found by their name, their state and their kind', async () => {
    const { page } = owner;
    await owner.open('keys');
    await page.getByLabel('Search').fill('worker');
    await rowOf('CI').waitFor({ state: 'detached' });
    await page.getByLabel('Kind').selectOption('organization');
    await page.getByRole('heading', { name: 'No key is like this' }).waitFor();
    await button('Show all keys in force').click();
    await rowOf('CI').waitFor();
    await page.getByLabel('Search').fill('Lost laptop');
    await button('Look among keys that have ended, too').click();
    await rowOf('Lost laptop').getByText('Revoked').waitFor();
    await page.getByLabel('Search').fill('');
    await page.getByLabel('State').selectOption('ended');
    await rowOf('Lost laptop').getByText('Revoked').waitFor();
    await page.getByLabel('State').selectOption('all');
    await page.getByLabel('Order').selectOption('name ascending');
    await page.getByRole('row').nth(1).getByText('By hand').waitFor();
    await lookAt(owner, 'keys');
  });

  it('are found by whoever pastes one whole, which is sent nowhere', async () => {
    const { page, organizationId } = owner;
    const place = { organizationId, environment: 'dev', level: 'runner' } as const;
    const { apiKey } = await (await api()).callOrThrow('environmentKeys.create', {
      ...place,
      name: 'Pasted',
    });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData()}`));
    await owner.open('keys');
    for (const [secret, name] of [
      [apiKey, 'Pasted'],
      [await made('Leaked'), 'Leaked'],
    ] as const) {
      await page.getByLabel('Search').fill(`${secret} `);
      await page.getByText('That was a secret: it was not sent').waitFor();
      await page.getByText('1 key', { exact: true }).waitFor();
      await rowOf(name).waitFor();
      expect([page.url(), await page.getByLabel('Search').inputValue(), ...sent].join()).not.toContain(
        secret.slice(16, -4),
      );
    }
    await page.getByLabel('Search').fill(apiKey.slice(0, 'ck_dev_1234'.length));
    await rowOf('Pasted').waitFor();
    await page.getByText('That was a secret').waitFor({ state: 'detached' });
    expect(await keysCalled(apiKey.slice(0, 'ck_dev_1234'.length))).toMatchObject([{ name: 'Pasted' }]);
  });

  it('are told apart on a telephone where they have one name, and say there when each was used last', async () => {
    const { page } = owner;
    const twins = [await made('Twin'), await made('Twin')];
    expect(await statusOf(twins[0] ?? '')).toBe(200);
    await expect
      .poll(async () => (await keysCalled('Twin')).filter(({ lastUsed }) => lastUsed))
      .toHaveLength(1);
    await page.setViewportSize(sizes.phone);
    await owner.open('keys');
    for (const twin of twins) await rowOf(twin.slice(0, 12)).getByText(twin.slice(0, 12)).waitFor();
    const beside = await page
      .locator('[data-text]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-text')));
    expect(beside.slice(0, 2)).toEqual(['Active\nNever used', 'Active\nUsed just now']);
    const heights = await page
      .locator('tbody tr:has(th)')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    expect(new Set(heights).size).toBe(1);
    await page.setViewportSize(sizes.desktop);
    await expect
      .poll(() =>
        rowOf('Twin')
          .first()
          .evaluate((row) => row.clientHeight),
      )
      .toBe(57);
  });

  it('say when each ends in one line, which a telephone shows whole, too', async () => {
    const { page } = owner;
    for (const expiresInDays of [1, 75, 350]) await made(`Ends in ${expiresInDays}`, { expiresInDays });
    for (const size of Object.values(sizes)) {
      await page.setViewportSize(size);
      await owner.open('keys');
      const row = rowOf('Ends in 350');
      const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
      await row
        .getByRole('cell')
        .nth(4)
        .getByText(new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(inDays(350)))
        .waitFor();
      await rowOf('Ends in 1').getByText('in 24 hours').waitFor();
      expect(
        await page.evaluate(`[...document.querySelectorAll('td time')].filter((time) =>
          time.getClientRects().length > 1 || time.parentElement.scrollWidth > time.parentElement.clientWidth
        ).map((time) => time.textContent)`),
      ).toEqual([]);
      const widthOf = (cell: Locator) => cell.evaluate((element) => element.clientWidth);
      const [name, ends, actions] = [
        row.getByRole('rowheader'),
        row.getByRole('cell').nth(4),
        row.getByRole('cell').last(),
      ];
      const room = await widthOf(page.getByRole('region', { name: 'Keys' }));
      expect((await widthOf(name)) + (await widthOf(ends)) + (await widthOf(actions))).toBeLessThanOrEqual(
        room,
      );
    }
    const beside = rowOf('Ends in 350').locator('[data-text]');
    expect(await beside.evaluate((element) => element.clientWidth >= element.scrollWidth)).toBe(true);
    expect(await beside.getAttribute('data-text')).toMatch(/^Active, ends \w{3} \d+, \d{4}\nNever used$/);
    expect(await page.getByLabel('Environment').isVisible()).toBe(false);
    await button('More filters').click();
    await page.getByLabel('Environment').selectOption('dev');
    await rowOf('Ends in 350').waitFor({ state: 'detached' });
    await page.setViewportSize(sizes.desktop);
    const asked = { organizationId: owner.organizationId, text: 'Ends in', sort: 'ends' } as const;
    const { keys } = await (await api()).callOrThrow('keys.inventory', { ...asked, order: 'ascending' });
    expect(keys.map(({ name }) => name)).toEqual(['Ends in 1', 'Ends in 75', 'Ends in 350']);
  });
});
