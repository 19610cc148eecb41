import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DoorTarget } from '../door-target.ts';
import type { Owner } from './journey.ts';
import { lookAt } from './look.ts';
import { type Stage, startStage } from './stage.ts';

const text = { type: 'string' };
const inputSchema = {
  type: 'object',
  required: ['when', 'text'],
  properties: {
    when: { type: 'string', format: 'date' },
    text,
    count: { type: 'integer', minimum: 1 },
    ...Object.fromEntries(['one', 'two', 'three', 'four', 'five', 'six'].map((name) => [name, text])),
  },
};

describe('forms of the dashboard', () => {
  let stage: Stage;
  let owner: Owner;
  let target: DoorTarget;
  beforeAll(async () => {
    stage = await startStage();
    ({ owner, target } = stage);
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => stage.close());

  const button = (name: string) => owner.page.getByRole('button', { name, exact: true });
  const field = (name: string) => owner.page.getByRole('textbox', { name });
  const wrote = (at: Locator, words: string) => at.evaluate((e, w) => e.textContent?.includes(w), words);
  /** Whether all of it stands below the header and above the end of the window. */
  const isInView = (at: Locator) =>
    at.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 56 && bottom <= (element.ownerDocument.defaultView?.innerHeight ?? 0);
    });
  async function expectFocus(at: Locator): Promise<void> {
    expect(await at.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    expect(await isInView(at)).toBe(true);
  }
  /** It is told to be wrong, in these words, and has the focus where it can be seen. */
  async function expectWrong(at: Locator, words: string): Promise<void> {
    await owner.page.getByText(words).first().waitFor();
    expect(await at.getAttribute('aria-invalid')).toBe('true');
    const described = (await at.getAttribute('aria-describedby')) ?? '';
    const texts = described.split(/\s+/).map((id) => owner.page.locator(`[id="${id}"]`));
    expect(await Promise.all(texts.map((each) => wrote(each, words)))).toContain(true);
    await expectFocus(at);
  }

  it('lead whoever triggers to what is wrong and to what came of it, and keep the focus', async () => {
    const { page, organizationId } = owner;
    const api = await owner.api();
    const workflows = [{ workflowId: 'main', targetUrl: `${target.url}/run`, inputSchema }];
    const made = await api.callOrThrow('instances.create', { organizationId, title: 'Long', workflows });
    const { processInstanceId } = made;
    const question = { organizationId, processInstanceId, limit: 10 };
    const executions = async () =>
      (await api.callOrThrow('executions.listOfOrganization', question)).executions;
    await owner.open(`instances/${processInstanceId}`);
    await button('Trigger').click();
    await expectWrong(field('when'), 'Fill this in.');
    await page.getByRole('alert').getByText('Nothing was sent').waitFor();
    await field('when').fill('tomorrow');
    await field('text').fill('Grüße');
    await button('Trigger').click();
    await expectWrong(field('when'), 'A date like 2026-11-22.');
    expect(await executions()).toEqual([]);
    await field('when').fill('2026-11-22');
    expect(await field('when').getAttribute('aria-invalid')).toBeNull();
    await button('Trigger').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Succeeded').waitFor();
    await expectFocus(button('Trigger'));
    expect(await isInView(page.getByText('Succeeded'))).toBe(true);
    await page.getByRole('status').getByText('Triggered.').waitFor();
    expect(await executions()).toMatchObject([{ status: 'success' }]);

    await page.getByRole('tab', { name: 'Public API Access' }).click();
    await button('Show the key').focus();
    await page.keyboard.press('Enter');
    await page.getByText(made.apiKey).first().waitFor();
    await expectFocus(button('Hide the key'));
    expect(await isInView(page.getByLabel('The instance key'))).toBe(true);

    await page.getByRole('tab', { name: 'API Access', exact: true }).click();
    await button('Add a signing secret to main').click();
    await button('Add secret').click();
    await expectWrong(page.getByRole('textbox', { name: 'Secret' }), 'Fill this in.');
    await page.getByRole('textbox', { name: 'Secret' }).fill('whsec_');
    await page.getByLabel('Provider').selectOption('standard');
    await button('Add secret').click();
    await expectWrong(page.getByRole('textbox', { name: 'Secret' }), 'This is not a usable signing secret');
    const endpoint = { processInstanceId, workflowId: 'main' };
    expect((await api.callOrThrow('signingSecrets.list', endpoint)).signingSecrets).toEqual([]);
  });

  it('mark what is wrong with a new instance, also where only the server knows', async () => {
    const { page, organizationId } = owner;
    await owner.open('instances');
    await button('New instance').click();
    const title = page.getByLabel('Title');
    const workflowId = page.getByLabel('Workflow id');
    await button('Create instance').click();
    await expectWrong(title, 'Fill this in.');
    await title.fill('Orders \u202Efdp.exe');
    await workflowId.fill('not one');
    await page.getByLabel('Target URL').fill('orders.example.com');
    await button('Create instance').click();
    await expectWrong(workflowId, 'Letters, digits, - and _ only');
    await lookAt(owner, 'form-wrong');
    await workflowId.fill('main');
    await button('Create instance').click();
    await expectWrong(page.getByLabel('Target URL'), 'An address like https://');
    await page.getByLabel('Target URL').fill(`${target.url}/run`);
    await button('Create instance').click();
    await expectWrong(title, 'Must not hold control characters');
    expect(await page.getByText('API reference').count()).toBe(0);
    await title.fill('Orders');
    await button('Create instance').click();
    await page.getByText('can be triggered').waitFor();
    const { instances } = await (await owner.api()).callOrThrow('instances.list', { organizationId });
    expect(instances.map((each) => each.title)).toContain('Orders');
  });

  it('cut off and correct nothing that was typed, and say what does not fit', async () => {
    const { page, organizationId } = owner;
    await owner.open('keys');
    await button('New key').click();
    const days = page.getByLabel('Days until it expires');
    await page.getByLabel('Name').fill('CI');
    await page.getByRole('checkbox').first().check();
    for (const typed of ['99999', '-3', '1.5']) {
      await days.fill(typed);
      await page.getByText('A whole number from 1 to 365').waitFor();
      await button('Create key').click();
      await expectWrong(days, 'A whole number from 1 to 365');
      expect(await days.inputValue()).toBe(typed);
    }
    const keys = async () =>
      (await (await owner.api()).callOrThrow('keys.inventory', { organizationId, state: 'all' })).keys;
    expect((await keys()).filter(({ name }) => name === 'CI')).toEqual([]);
    await days.fill('30');
    await page.getByLabel('Only from these addresses').fill('the office');
    await button('Create key').click();
    await expectWrong(page.getByLabel('Only from these addresses'), 'These are no addresses or networks');
    await page.getByLabel('Only from these addresses').fill('');
    await button('Create key').click();
    await page.getByLabel('The new key').waitFor();
    await button('I have saved it').click();
    expect((await keys()).map(({ name }) => name)).toContain('CI');

    await owner.open('settings');
    const description = page.getByLabel('Description');
    await page.evaluate(`navigator.clipboard.writeText('${'a'.repeat(600)}')`);
    await description.focus();
    await page.keyboard.press('ControlOrMeta+V');
    await page.getByText('These are 600 characters: at most 500 fit.').waitFor();
    await button('Save').first().click();
    await expectWrong(description, 'These are 600 characters: at most 500 fit.');
    expect(await description.inputValue()).toHaveLength(600);
    await description.fill('a'.repeat(500));
    await button('Save').first().click();
    await page.getByText('Saved.').waitFor();
    const read = await (await owner.api()).callOrThrow('organizations.get', { organizationId });
    expect(read.description).toBe('a'.repeat(500));
  });
});
