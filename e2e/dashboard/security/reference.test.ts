import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, type Person, startDashboard } from '../journey.ts';

/** By path and method; parameters that the methods of a path share stand among these. */
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>;
}

describe('the API reference', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await startDashboard();
  });
  afterAll(() => dashboard.close());

  /** Once the bundle of the page has run, which takes long on a busy machine. */
  async function isShown(page: Page): Promise<void> {
    await page.getByRole('heading', { level: 1, name: 'Latchkey' }).waitFor({ timeout: 60_000 });
  }

  async function openReference(page: Page): Promise<void> {
    await page.goto('/docs');
    await isShown(page);
  }

  describe('to somebody who reads it', () => {
    let reader: Person;
    beforeAll(async () => {
      reader = await dashboard.newcomer();
      await openReference(reader.page);
    });

    it('names every operation, and breaks no rule of its policy', async () => {
      const { page, complaints } = reader;
      const answer = await fetch(`${dashboard.server.baseUrl}/openapi.json`);
      const { paths } = (await answer.json()) as Described;
      const closed = page.getByRole('button', { name: 'Open Group' });
      while ((await closed.count()) > 0) await closed.first().click();
      const sidebar = await page.locator('aside').first().innerText();
      const summaries = Object.values(paths).flatMap((methods) =>
        Object.values(methods).flatMap(({ summary }) => summary ?? []),
      );
      expect(summaries.length).toBeGreaterThan(70);
      expect(summaries.filter((summary) => !sidebar.includes(summary))).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('finds what is looked for', async () => {
      const { page } = reader;
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').or(page.getByRole('searchbox')).fill('forward');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('Escape');
    });

    it('saves the description of the API', async () => {
      const { page } = reader;
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download OpenAPI Document' }).first().click();
      expect((await saved).suggestedFilename()).toMatch(/\.json$/);
    });

    it('sends no request for anybody, and leads nowhere else', async () => {
      const { page } = reader;
      expect(await page.getByText('Test Request').count()).toBe(0);
      expect(await page.locator('a[href^="http"]:visible').count()).toBe(0);
    });
  });

  describe('whatever would run in it, where somebody is signed in to the dashboard,', () => {
    let owner: Owner;
    let page: Page;
    beforeAll(async () => {
      owner = await dashboard.owner();
      page = await owner.context.newPage();
      await openReference(page);
    });

    /** What a script of a page learns of a request with the header of the dashboard and every cookie that there is. */
    function send(from: Page, path: string, init: object): Promise<unknown> {
      const headers = { 'content-type': 'application/json', 'x-latchkey-dashboard': '1' };
      const how = JSON.stringify({ credentials: 'include', headers, ...init });
      return from.evaluate(
        `fetch(${JSON.stringify(path)}, ${how}).then(({ status }) => status, () => 'nothing')`,
      );
    }
    const organizations = async () =>
      (await (await owner.api()).callOrThrow('sessions.me', {})).organizations.length;
    const creation = { method: 'POST', body: '{"name":"By a script"}' };

    it('calls nothing as that person', async () => {
      expect(await send(owner.page, '/v1/auth/me', {})).toBe(200);
      expect(await send(page, '/v1/auth/me', {})).toBe('nothing');
      const before = await organizations();
      expect(await send(page, '/v1/organizations', creation)).toBe('nothing');
      const plain = { ...creation, mode: 'no-cors', headers: { 'content-type': 'text/plain' } };
      expect(await send(page, '/v1/organizations', plain)).toBe(0);
      expect(await organizations()).toBe(before);
      expect(await send(owner.page, '/v1/organizations', creation)).toBe(200);
      expect(await organizations()).toBe(before + 1);
    });

    it('has no cookie and no storage of the dashboard', async () => {
      await owner.page.evaluate(`localStorage.setItem('of the dashboard', 'kept')`);
      expect(await page.evaluate('self.origin')).toBe('null');
      expect(await page.evaluate(`localStorage.getItem('of the dashboard')`)).toBeNull();
      for (const place of ['document.cookie', 'sessionStorage', 'indexedDB.open("x")', 'caches.keys()']) {
        await expect(page.evaluate(place), place).rejects.toThrow(/SecurityError|denied|sandboxed|insecure/);
      }
    });

    it('neither sees a window of the dashboard nor leads it elsewhere', async () => {
      const opened = owner.context.waitForEvent('page');
      await owner.page.evaluate(`void window.open('/docs/')`);
      const reference = await opened;
      await isShown(reference);
      expect(await reference.evaluate('opener')).toBeNull();
      expect(await reference.evaluate(`window.open('/')`)).toBeNull();
      expect(owner.page.url()).toBe(`${dashboard.server.baseUrl}/o/${owner.organizationId}/`);
    });
  });
});
