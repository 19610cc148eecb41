import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, startDashboard } from '../journey.ts';
import { type OtherSite, startOtherSite } from './other-site.ts';

const names = ['sibling', 'foreign'] as const;

describe('a page of another site, open in a browser that is signed in to the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  let site: OtherSite;
  let baseUrl: string;
  beforeAll(async () => {
    site = await startOtherSite();
    dashboard = await startDashboard();
    baseUrl = dashboard.server.baseUrl;
    owner = await dashboard.owner();
  });
  afterAll(async () => {
    await dashboard.close();
    await site.close();
  });

  /** All that the person has, and all that was ever done or refused there. */
  async function everything() {
    const { organizationId } = owner;
    const api = await owner.api();
    return {
      me: await api.callOrThrow('sessions.me', {}),
      members: await api.callOrThrow('members.list', { organizationId }),
      keys: await api.callOrThrow('keys.inventory', { organizationId, state: 'all' }),
      events: await api.callOrThrow('audit.list', { organizationId }),
    };
  }

  /** Runs `during` on a page of that site; afterwards everything is as before. */
  async function changesNothing(name: (typeof names)[number], during: (page: Page) => Promise<void>) {
    const before = await everything();
    const page = await owner.context.newPage();
    await page.goto(site[name]);
    await during(page);
    await page.close();
    expect(await everything()).toEqual(before);
  }

  /** With a `=` where a form, which always sends one, can be cut into the name and the value of its field. */
  const changes = () => [
    { path: '/v1/organizations', body: { name: 'Stolen=1' } },
    { path: `/v1/organizations/${owner.organizationId}/members`, body: { email: 'eve=1@evil.example' } },
    {
      path: `/v1/organizations/${owner.organizationId}/keys`,
      body: { scopes: ['workflows:trigger'], name: 'Stolen=1' },
    },
    { path: '/v1/auth/sessions/end-all', body: {} },
  ];

  /** Sent as text, this is the JSON of the body, to whoever does not look at the type. */
  function formOf(path: string, body: object, type: string): string {
    const [name = '', value] = JSON.stringify(body).replaceAll('"', '&quot;').split('=');
    const field = value === undefined ? '' : `<input type="hidden" name="${name}" value="${value}">`;
    return `<form method="post" action="${baseUrl}${path}" enctype="${type}">${field}<button>Open</button></form>`;
  }

  /** A request that a script of the page sends, and what the script learns of it: the status, or nothing. */
  function send(page: Page, path: string, init: object): Promise<unknown> {
    const [url, how] = [JSON.stringify(baseUrl + path), JSON.stringify(init)];
    return page.evaluate(`fetch(${url}, ${how}).then(({ status }) => status, () => 'nothing')`);
  }

  it('could do harm, if the dashboard itself did the same', async () => {
    const { organizations } = (await everything()).me;
    const headers = { 'content-type': 'application/json', 'x-latchkey-dashboard': '1' };
    const init = { method: 'POST', headers, body: '{"name":"By the dashboard"}' };
    expect(await send(owner.page, '/v1/organizations', init)).toBe(200);
    expect((await everything()).me.organizations).toHaveLength(organizations.length + 1);
  });

  describe.each(names)('of a %s host', (name) => {
    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ])('changes nothing by a form that it sends as %s', async (type) => {
      for (const { path, body } of changes()) {
        site.show(formOf(path, body, type));
        await changesNothing(name, async (page) => {
          const answered = page.waitForResponse((each) => each.request().method() === 'POST');
          await page.getByRole('button').click();
          expect((await answered).status(), path).toBeGreaterThanOrEqual(400);
          await page.waitForURL(baseUrl + path);
        });
      }
    });

    it.each([
      ['text, as a form would', 'no-cors', 'include', { 'content-type': 'text/plain' }, 0],
      ['JSON', 'cors', 'include', { 'content-type': 'application/json' }, 'nothing'],
      [
        'JSON with the header of the dashboard',
        'cors',
        'include',
        { 'content-type': 'application/json', 'x-latchkey-dashboard': '1' },
        'nothing',
      ],
      [
        'JSON with that header, and no cookie',
        'cors',
        'omit',
        { 'content-type': 'application/json', 'x-latchkey-dashboard': '1' },
        'nothing',
      ],
    ])('changes and learns nothing by a script that sends %s', async (_name, mode, credentials, headers, learnt) => {
      site.show('');
      await changesNothing(name, async (page) => {
        for (const { path, body } of changes()) {
          const init = { method: 'POST', mode, credentials, headers, body: JSON.stringify(body) };
          expect(await send(page, path, init), path).toBe(learnt);
        }
        expect(await send(page, '/v1/auth/me', { credentials, headers })).toBe('nothing');
      });
    });

    it('changes nothing by a link', async () => {
      const paths = [
        `/o/${owner.organizationId}/keys`,
        '/v1/auth/me',
        '/v1/auth/sessions/end-all',
        '/session/begin',
      ];
      for (const path of paths) {
        site.show(`<a href="${baseUrl}${path}">Open</a>`);
        await changesNothing(name, async (page) => {
          await page.getByRole('link').click();
          await page.waitForURL((url) => url.origin === baseUrl);
          await page.waitForLoadState();
        });
      }
    });

    it('shows no page of ours in a frame, under which somebody could be made to click', async () => {
      const ours = ['/', `/o/${owner.organizationId}/keys`, '/session/begin', '/device', '/docs'];
      const frames = [`${site[name]}/framed`, ...ours.map((path) => baseUrl + path)];
      site.show(frames.map((url) => `<iframe src="${url}"></iframe>`).join(''));
      const page = await owner.context.newPage();
      await page.goto(site[name]);
      const shown = page
        .mainFrame()
        .childFrames()
        .map((frame) => frame.url());
      expect(shown).toEqual([frames[0], ...ours.map(() => 'chrome-error://chromewebdata/')]);
      await page.close();
    });

    it('learns nothing of a window with a page of ours that it opens', async () => {
      site.show('a page');
      const page = await owner.context.newPage();
      await page.goto(site[name]);
      for (const path of ['/', `/o/${owner.organizationId}/keys`, '/session/sign-in']) {
        const [opened] = await Promise.all([
          page.waitForEvent('popup'),
          page.evaluate(`void (window.opened = window.open(${JSON.stringify(baseUrl + path)}))`),
        ]);
        await opened.getByRole('heading', { level: 1 }).waitFor();
        expect(await page.evaluate('window.opened.closed'), path).toBe(true);
        expect(await opened.evaluate('window.opener'), path).toBe(null);
        await opened.close();
      }
      await page.close();
    });
  });
});
