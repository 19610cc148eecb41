import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { type Door, openDoor } from './door.ts';
import { type ExampleProcess, type ProxyName, startExample } from './example-process.ts';

/** What a site answers: the words of Latchkey. */
interface Body {
  readonly code?: string;
  readonly executionId?: string;
  readonly execution?: { readonly status: string };
}

/** From a built site to the target and back, through a Latchkey. */
export function describeJourney(name: ProxyName): void {
  let door: Door;
  let site: ExampleProcess;
  let browser: Browser;

  beforeAll(async () => {
    door = await openDoor();
    site = await startExample(name, door.siteEnvironment);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await site.stop();
    await door.close();
  });

  async function call(path: string, init: RequestInit = {}) {
    const response = await fetch(`${site.baseUrl}${path}`, init);
    return { status: response.status, body: (await response.json()) as Body };
  }

  async function trigger(workflowId: string, payload: object) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ workflowId, payload });
    return await call('/api/trigger', { method: 'POST', headers, body });
  }

  /** Resolves with an execution that has ended. */
  async function run(workflowId: string, payload: object): Promise<Body['execution']> {
    const { status, body } = await trigger(workflowId, payload);
    expect([status, body]).toEqual([200, expect.objectContaining({ success: true })]);
    const read = async () => (await call(`/api/status/${body.executionId}`)).body.execution;
    await expect.poll(async () => (await read())?.status, { timeout: 20_000 }).not.toBe('pending');
    return await read();
  }

  it.each(['count-now', 'count-later'])('brings back the result of %s', async (workflowId) => {
    const execution = await run(workflowId, { text: 'to be or not to be' });
    expect(execution).toMatchObject({ status: 'success', resultData: { words: 6, characters: 18 } });
  });

  it('brings back why there is no result', async () => {
    const execution = await run('count-later', { text: 7 });
    const errorDetails = { type: 'validation_error', message: 'Send the text to count as "text".' };
    expect(execution).toMatchObject({ status: 'failed', errorDetails });
  });

  it('says of an execution that there is none', async () => {
    const answer = await call('/api/status/00000000-0000-7000-8000-000000000000');
    expect([answer.status, answer.body.code]).toEqual([404, 'EXECUTION_NOT_FOUND']);
  });

  it('shows the result on its page, and the browser never sees the key', async () => {
    const page = await browser.newPage();
    const seen: Promise<string>[] = [];
    page.on('response', (response) => seen.push(response.text().catch(String)));
    await page.goto(site.baseUrl);
    await page.locator('button:enabled').waitFor();
    await page.getByLabel('Workflow').selectOption('count-later');
    await page.getByLabel('Text').fill('one two three');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('success: {"words":3,"characters":13}').waitFor();
    const texts = await Promise.all(seen);
    expect(texts.length).toBeGreaterThan(4);
    expect(texts.filter((text) => text.includes(door.apiKey))).toEqual([]);
    await page.close();
  });

  it('passes on that its key has been replaced', async () => {
    await door.regenerateKey();
    const refused = await trigger('count-now', { text: 'one' });
    expect([refused.status, refused.body.code]).toEqual([401, 'KEY_REVOKED']);
  });

  it('leaves the key out of every log', () => {
    for (const log of [site.output(), door.target.output(), door.server.logs()]) {
      expect(log.includes(door.apiKey)).toBe(false);
    }
  });
}
