import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoorTarget, startDoorTarget } from '../../door-target.ts';
import { type Dashboard, type Owner, sizes, startDashboard } from '../journey.ts';
import { overflow } from '../look.ts';
import {
  foreignElements,
  hostileEmail,
  hostileTexts,
  otherHostileEmail,
  reportedTexts,
} from './hostile-texts.ts';
import { type Stored, storeEverywhere } from './stored-texts.ts';
import { isAmong, shownNowhere, textFields } from './text-fields.ts';

const [anyText] = hostileTexts;
const lastText = hostileTexts.at(-1) ?? anyText;
/** As a value of JSON shows it. */
const inJson = reportedTexts.map((text) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`),
);

describe('whatever is stored, a page shows as the text that it is, and runs none of it', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  let target: DoorTarget;
  let stored: Stored;
  const ran: string[] = [];
  beforeAll(async () => {
    target = await startDoorTarget();
    dashboard = await startDashboard();
    owner = await dashboard.owner(anyText, hostileEmail);
    owner.page.on('dialog', (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    stored = await storeEverywhere(dashboard, owner, target);
  });
  afterAll(async () => {
    await dashboard.close();
    await target.close();
  });

  async function runsNothing(): Promise<void> {
    expect(await owner.page.locator(foreignElements).count()).toBe(0);
    expect(ran).toEqual([]);
    expect(owner.complaints).toEqual([]);
  }

  async function fits(): Promise<void> {
    for (const size of [sizes.phone, sizes.desktop]) {
      await owner.page.setViewportSize(size);
      await expect.poll(() => overflow(owner.page), { message: `${size.width} wide` }).toBeLessThanOrEqual(0);
    }
  }

  async function shows(texts: readonly string[], within = owner.page.locator('body')): Promise<void> {
    for (const text of texts) await within.getByText(text).first().waitFor({ state: 'attached' });
    await runsNothing();
    await fits();
  }

  it('in every field of every change that takes text and keeps it', () => {
    const missing = textFields().filter(
      (field) => !isAmong(field, stored.tried) && !shownNowhere.some(([names]) => names.test(field)),
    );
    expect(missing).toEqual([]);
    for (const [names] of shownNowhere) expect(textFields().some((field) => names.test(field))).toBe(true);
  });

  it.each([
    ['', [anyText, hostileEmail, lastText]],
    ['keys?family=organization', hostileTexts],
    ['keys?family=personal', [anyText, hostileEmail]],
    ['keys?family=environment', [anyText]],
    ['instances', hostileTexts],
    ['executions', [lastText, anyText]],
    ['members', [...hostileTexts, hostileEmail, otherHostileEmail]],
    ['audit', [...hostileTexts, hostileEmail, otherHostileEmail]],
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
    await fits();
  });

  it('in the menu of the account', async () => {
    const { page } = owner;
    await owner.open('');
    await page.getByRole('button', { name: hostileEmail }).click();
    await page.getByRole('menuitem', { name: anyText }).waitFor();
    await runsNothing();
    await fits();
  });

  it('in the menus and dialogs of a key', async () => {
    const { page } = owner;
    await owner.open('keys?family=organization');
    for (const name of hostileTexts) {
      for (const action of ['Change', 'Revoke']) {
        const menu = page.getByRole('button', { name: `Actions for ${name}`, exact: true });
        await menu.last().click();
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

  it('of a key and of why it was refused', async () => {
    const { page } = owner;
    await expect
      .poll(
        async () => {
          await owner.open(`keys/${stored.keyId}`);
          return page.getByRole('list', { name: 'Refusals' }).getByRole('listitem').count();
        },
        { timeout: 30_000 },
      )
      .toBe(20);
    await shows(hostileTexts, page.getByRole('list', { name: 'Refusals' }));
    await shows([hostileEmail, hostileTexts[0], hostileTexts[1]]);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').waitFor();
    await runsNothing();
  });

  it('of an execution that failed', async () => {
    const { page } = owner;
    await owner.open(`executions/${stored.instanceId}/${stored.failedId}`);
    await shows([hostileEmail, lastText]);
    await shows(hostileTexts, page.getByRole('alert'));
    await shows(inJson, page.getByRole('region', { name: 'Input' }));
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('dialog').waitFor();
    await runsNothing();
  });

  it('of an execution that succeeded', async () => {
    await owner.open(`executions/${stored.instanceId}/${stored.succeededId}`);
    await shows(inJson, owner.page.getByRole('region', { name: 'Result' }));
  });

  it('in the form of a workflow, in what it was given and in what came of it', async () => {
    const { page } = owner;
    await owner.open(`instances/${stored.instanceId}`);
    await page.getByRole('heading', { level: 1, name: lastText }).waitFor();
    await fits();
    await page.getByRole('textbox', { name: lastText }).first().fill(hostileTexts.join(' '));
    await page.getByRole('button', { name: 'Trigger', exact: true }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await shows(
      hostileTexts.map((text) => JSON.stringify(text).slice(1, -1)),
      result,
    );
  });

  it('of signing secrets, and of the messages that came', async () => {
    const { page } = owner;
    await owner.open(`instances/${stored.instanceId}`);
    await page.getByRole('tab', { name: 'API Access', exact: true }).click();
    const deliveries = page.getByRole('list', { name: `Last deliveries to ${lastText}` }).first();
    await shows(hostileTexts, deliveries);
    await deliveries.getByText('Refused').first().waitFor();
    for (const name of [`Change the label ${lastText}`, `Retire ${lastText}`]) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await runsNothing();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('in the settings of an instance and of its workflows', async () => {
    const { page } = owner;
    await owner.open(`instances/${stored.instanceId}`);
    await page.getByRole('tab', { name: 'Settings', exact: true }).click();
    await shows([lastText]);
  });
});
