import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServerProcess, startServer } from '@latchkey/testkit';
import * as client from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { codeOf, newcomer, whoIs } from './person.ts';

/** Waits on loopback for the one answer of the sign-in page, as a command line does (RFC 8252). */
async function listen() {
  let answered: (path: string) => void = () => {};
  const answer = new Promise<string>((resolve) => {
    answered = resolve;
  });
  const listener = createServer((request, response) => {
    response.setHeader('connection', 'close').end('Back at the terminal.');
    if (request.url?.startsWith('/callback')) answered(request.url);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    redirectUri: `${origin}/callback`,
    answer: answer.then((path) => new URL(path, origin)),
    close: () => listener.close(),
  };
}

describe.each([true, false])('the sign-in page in Chromium, scripts allowed: %s', (javaScriptEnabled) => {
  let server: ServerProcess;
  let browser: Browser;
  let config: client.Configuration;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startServer();
    browser = await launchChromium();
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 800, height: 700 } });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    config = await client.discovery(new URL(server.baseUrl), 'latchkey-cli', undefined, client.None(), {
      execute: [client.allowInsecureRequests],
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  async function begin() {
    const listener = await listen();
    const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: listener.redirectUri,
      scope: 'openid email latchkey',
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    await page.goto(url.href);
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    return {
      finish: async () => client.authorizationCodeGrant(config, await listener.answer, checks),
      close: listener.close,
    };
  }

  /** Resolves once the page with this heading is there. */
  const shows = (title: string) => page.getByRole('heading', { level: 1, name: title }).waitFor();

  /** Types as a person does, who sees where the cursor is. */
  async function typeWhereFocused(text: string): Promise<void> {
    await page.locator('input:focus').waitFor();
    await page.keyboard.type(text);
  }

  /** Keeps a picture for the eye where a folder is named for them. */
  async function look(name: string): Promise<void> {
    const folder = process.env.LATCHKEY_TEST_SCREENSHOTS;
    if (folder) await page.screenshot({ path: `${folder}/${name}-${javaScriptEnabled}.png`, fullPage: true });
  }

  it('signs in with the keyboard alone: what is to be typed has the focus', async () => {
    const email = newcomer();
    const { finish, close } = await begin();
    await shows('Sign in');
    await look('1-email');
    await typeWhereFocused('nobody');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('This is not a valid email address.').waitFor();
    await look('2-email-wrong');
    await page.getByLabel('Email address').fill(email);
    await page.keyboard.press('Enter');
    await shows('Type the code');
    await look('3-code');
    await typeWhereFocused(await codeOf(server.baseUrl, email));
    await page.keyboard.press('Enter');
    await shows('Allow Latchkey command line?');
    await look('4-consent');
    await page.getByRole('button', { name: 'Allow' }).press('Enter');
    const tokens = await finish();
    expect(await whoIs(server.baseUrl, tokens.access_token)).toBe(email);
    await page.getByText('Back at the terminal.').waitFor();
    close();
  });

  it('goes back with a denial', async () => {
    const { finish, close } = await begin();
    await page.getByRole('button', { name: 'Cancel and go back' }).click();
    await expect(finish()).rejects.toMatchObject({ error: 'access_denied' });
    await page.getByText('Back at the terminal.').waitFor();
    close();
  });

  it('connects a device', async () => {
    const email = newcomer();
    const device = await client.initiateDeviceAuthorization(config, { scope: 'latchkey' });
    await page.goto(device.verification_uri);
    await look('5-device');
    await typeWhereFocused(device.user_code.toLowerCase());
    await page.keyboard.press('Enter');
    await shows('Is this your device?');
    expect(await page.textContent('main')).toContain(device.user_code);
    await look('6-device-confirm');
    await page.getByRole('button', { name: 'Yes, continue' }).click();
    await page.getByLabel('Email address').fill(email);
    await page.keyboard.press('Enter');
    await shows('Type the code');
    await typeWhereFocused(await codeOf(server.baseUrl, email));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).click();
    await shows('You are signed in');
    await look('7-device-done');
    const tokens = await client.pollDeviceAuthorizationGrant(config, device);
    expect(await whoIs(server.baseUrl, tokens.access_token)).toBe(email);
  });

  it('fits 320 pixels, which is a telephone or a zoom of 400 %', async () => {
    const { close } = await begin();
    await page.setViewportSize({ width: 320, height: 600 });
    await look('8-small');
    expect(await page.locator('html').evaluate((root) => root.scrollWidth)).toBe(320);
    close();
  });

  it('breaks none of its own rules on content', () => {
    expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  });
});
