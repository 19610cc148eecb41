import type { Client } from '@latchkey/sdk';
import { createClient } from '@latchkey/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoorTarget, startDoorTarget } from '../../door-target.ts';
import { type Dashboard, type Owner, startDashboard } from '../journey.ts';
import { foreignElements, hostileEmail, hostileTexts } from './hostile-texts.ts';

const [anyText] = hostileTexts;

describe('whatever is stored, a page shows as the text that it is, and runs none of it', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  let target: DoorTarget;
  let instanceId: string;
  const ran: string[] = [];
  beforeAll(async () => {
    target = await startDoorTarget();
    dashboard = await startDashboard();
    owner = await dashboard.owner(anyText);
    owner.page.on('dialog', (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    await store(await owner.api());
  });
  afterAll(async () => {
    await dashboard.close();
    await target.close();
  });

  /** A text of each kind in each field that holds any. */
  async function store(api: Client): Promise<void> {
    const { organizationId } = owner;
    const place = { organizationId, environment: 'dev' } as const;
    const description = hostileTexts.join('\n').slice(0, 500);
    await api.callOrThrow('organizations.update', { organizationId, description });
    await api.callOrThrow('members.invite', { organizationId, email: hostileEmail });
    const scopes = ['workflows:trigger'];
    for (const [at, name] of hostileTexts.entries()) {
      const key = { organizationId, name, description: name, scopes };
      const { apiKey } = await api.callOrThrow('keys.createForOrganization', key);
      await use(apiKey, name);
      await api.callOrThrow('workspaces.create', { ...place, name, slug: `w-${at}` });
      instanceId = await storeInstance(api, name);
    }
  }

  async function storeInstance(api: Client, name: string): Promise<string> {
    const { organizationId } = owner;
    const note = { type: 'string', title: name, description: name };
    const inputSchema = { type: 'object', properties: { note } };
    const workflows = [{ workflowId: 'main', name, targetUrl: `${target.url}/run`, inputSchema }];
    const instance = { organizationId, title: name, workflows };
    const { processInstanceId } = await api.callOrThrow('instances.create', instance);
    const endpoint = { processInstanceId, workflowId: 'main' };
    const secret = { scheme: 'github', secret: 'It is a secret to everybody', label: name } as const;
    await api.callOrThrow('signingSecrets.add', { ...endpoint, ...secret });
    return processInstanceId;
  }

  /** By a client that calls itself so. */
  async function use(apiKey: string, userAgent: string): Promise<void> {
    const send: typeof fetch = (url, init) =>
      fetch(url, { ...init, headers: { ...(init?.headers as object), 'user-agent': userAgent } });
    const client = createClient({ baseUrl: dashboard.server.baseUrl, apiKey, fetch: send });
    await client.callOrThrow('keys.whoami', {});
  }

  async function runsNothing(): Promise<void> {
    expect(await owner.page.locator(foreignElements).count()).toBe(0);
    expect(ran).toEqual([]);
    expect(owner.complaints).toEqual([]);
  }

  async function shows(texts: readonly string[]): Promise<void> {
    for (const text of texts) await owner.page.getByText(text).first().waitFor({ state: 'attached' });
    await runsNothing();
  }

  it.each([
    ['', [anyText]],
    ['keys?family=organization', hostileTexts],
    ['instances', hostileTexts],
    ['members', [...hostileTexts, hostileEmail]],
    ['audit', hostileTexts],
  ])('on the page "%s"', async (path, texts) => {
    await owner.open(path);
    await shows(texts);
  });

  it('in the fields that change it', async () => {
    const { page } = owner;
    await owner.open('settings');
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe(anyText);
    expect(await page.getByLabel('Description').inputValue()).toContain(hostileTexts[3]);
    await runsNothing();
  });

  it('in the menus and dialogs of a key', async () => {
    const { page } = owner;
    await owner.open('keys?family=organization');
    for (const name of hostileTexts) {
      for (const action of ['Change', 'Revoke']) {
        await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
        await page.getByRole('menuitem', { name: action }).click();
        const dialog = page.getByRole('dialog');
        if (action === 'Revoke') await dialog.getByText(name).first().waitFor();
        else expect(await dialog.getByLabel('Name').inputValue()).toBe(name);
        await runsNothing();
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
    }
  });

  it('in the form of a workflow, in what it was given and in what came of it', async () => {
    const { page } = owner;
    const last = hostileTexts.at(-1) ?? '';
    await owner.open(`instances/${instanceId}`);
    await page.getByRole('heading', { level: 1, name: last }).waitFor();
    await page.getByRole('textbox', { name: last }).fill(hostileTexts.join(' '));
    await page.getByRole('button', { name: 'Trigger', exact: true }).click();
    const result = page.getByRole('region', { name: 'Result' });
    for (const text of hostileTexts) {
      await result.getByText(JSON.stringify(text).slice(1, -1)).waitFor();
    }
    await runsNothing();
    await page.getByRole('tab', { name: 'API Access', exact: true }).click();
    await shows([last]);
  });
});
