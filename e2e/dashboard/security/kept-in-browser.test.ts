import { createClient } from '@latchkey/sdk';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, letTimePass, openDatabase } from '../../database.ts';
import { type Dashboard, type Owner, startDashboard } from '../journey.ts';

const cookieName = 'latchkey_dashboard';

/** Everything that outlives what is shown, as text, and the places of which nothing is used. */
const whatIsKept = `Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, caches]) => ({
  text: JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, history.state, name, location.href, document.cookie, document.title,
    performance.getEntries().map((entry) => entry.name),
  ]),
  unused: [...databases, ...caches],
}))`;

describe('what a browser keeps of the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  let database: Database;
  beforeAll(async () => {
    dashboard = await startDashboard();
    const { dataDir } = dashboard.server;
    database = await openDatabase({ engine: 'sqlite', dataDir, databaseUrl: undefined });
    owner = await dashboard.owner();
  });
  afterAll(async () => {
    await database.close();
    await dashboard.close();
  });

  const by = (accessToken: string) => createClient({ baseUrl: dashboard.server.baseUrl, accessToken });
  const sessionOf = async ({ context }: { context: BrowserContext }) =>
    (await context.cookies()).find(({ name }) => name === cookieName);
  const plant = (value: string) => ({ name: cookieName, value, url: dashboard.server.baseUrl });

  it('of a session is a cookie that no script reads and no other site sends', async () => {
    expect(await sessionOf(owner)).toMatchObject({
      domain: '127.0.0.1',
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
    });
    expect(await owner.page.evaluate('document.cookie')).toBe('');
  });

  it('of a session is none that somebody put there before: neither an invented one nor one of theirs', async () => {
    const theirs = (await sessionOf(await dashboard.owner('Evil')))?.value ?? '';
    for (const value of ['A'.repeat(43), theirs]) {
      const person = await dashboard.newcomer();
      await person.page.goto('/session/begin');
      await person.context.addCookies([plant(value)]);
      await person.page.getByLabel('Email address').fill(person.email);
      await person.page.keyboard.press('Enter');
      await person.page.locator('input:focus').and(person.page.getByLabel('Code')).waitFor();
      await person.page.keyboard.type(await dashboard.mail.codeFor(person.email));
      await person.page.keyboard.press('Enter');
      await person.page.getByRole('heading', { name: 'Create your organization' }).waitFor();
      expect((await sessionOf(person))?.value).not.toBe(value);
      expect((await (await person.api()).callOrThrow('sessions.me', {})).email).toBe(person.email);
      const planted = await by(value).call('sessions.me', {});
      expect(planted.success && planted.data.email).not.toBe(person.email);
    }
  });

  it('holds no secret, also after keys were made, copied, rotated and saved; nor does the log of the server', async () => {
    const { page, organizationId } = owner;
    const dialog = page.getByRole('dialog');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const secrets: string[] = [];
    async function save(): Promise<void> {
      secrets.push((await dialog.getByLabel('The new key').textContent()) ?? '');
      await dialog.getByRole('button', { name: 'Copy' }).click();
      await dialog.getByRole('status').getByText('Copied', { exact: true }).waitFor();
      await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name: 'Download as .env file' }).click(),
      ]);
      await dialog.getByRole('button', { name: 'I have saved it' }).click();
      await dialog.waitFor({ state: 'detached' });
    }
    await owner.open('keys');
    for (const kind of ['Organization key', 'Environment key']) {
      await page.getByRole('button', { name: 'New key' }).click();
      await dialog.getByLabel(kind).check();
      await dialog.getByLabel('Name').fill(kind);
      if (kind === 'Organization key') await dialog.getByLabel('Trigger workflows').check();
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await save();
    }
    await page.getByRole('button', { name: 'Actions for Environment key' }).click();
    await page.getByRole('menuitem', { name: 'Rotate' }).click();
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    await save();
    await page.getByRole('link', { name: 'Members' }).click();
    const { keys } = await (await owner.api()).callOrThrow('keys.inventory', { organizationId });
    expect(keys).toHaveLength(3);
    expect(new Set(secrets.filter((secret) => /^c\w{40,}$/.test(secret))).size).toBe(3);
    const { text, unused } = (await page.evaluate(whatIsKept)) as { text: string; unused: unknown[] };
    expect(unused).toEqual([]);
    const written = [text, asked.join(), await page.content(), dashboard.server.logs()].join();
    for (const secret of secrets) expect(written).not.toContain(secret.slice(-20));
  });

  it('holds no key that somebody looks for: it is found by its start', async () => {
    const { page, organizationId } = owner;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const wanted = { organizationId, name: 'Looked for', scopes: ['workflows:trigger'] };
    const { apiKey } = await (await owner.api()).callOrThrow('keys.createForOrganization', wanted);
    const end = apiKey.slice(-20);
    await owner.open('keys');
    await page.getByLabel('Search').fill(` ${apiKey}`);
    await page.getByRole('status').getByText('1 key', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Looked for' }).waitFor();
    expect(page.url()).toContain(apiKey.slice(0, 12));
    await page.goto(`/o/${organizationId}/keys?text=${apiKey}`);
    await page.getByRole('link', { name: 'Looked for' }).waitFor();
    await owner.open('audit');
    await page.getByLabel('Who').fill(apiKey);
    await page.getByText('No event is like this').waitFor();
    const told = asked.filter((url) => url.includes(end));
    expect(told).toEqual([expect.stringMatching(/\/keys\?text=/)]);
    expect(page.url()).not.toContain(end);
  });

  it('of sessions is worth nothing in any browser once they are ended everywhere, at whatever is done next', async () => {
    const other = await dashboard.otherBrowserOf(owner);
    await letTimePass(database, 60);
    await other.page.goto(`/o/${owner.organizationId}/keys`);
    await other.signIn();
    await other.page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
    const api = await other.api();
    await owner.open('');
    await owner.page.getByRole('button', { name: owner.email }).click();
    await owner.page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
    await owner.page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await owner.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await other.page.getByRole('link', { name: 'Members' }).click();
    await other.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(await api.call('sessions.me', {})).toMatchObject({ status: 401 });
  });
});
