import { createClient } from '@latchkey/sdk';
import { type ServerProcess, startServer } from '@latchkey/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { codeOf } from '../oauth/person.ts';

describe('the dashboard of a server that sends no mail', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('says of an invitation that nobody gets a mail, and where it is', async () => {
    const { baseUrl } = server;
    const [email, invited] = ['owner@example.test', 'invited@example.test'];
    const context = await browser.newContext({ baseURL: baseUrl });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Email address').fill(email);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Type the code' }).waitFor();
    await page.getByLabel('Code').fill(await codeOf(baseUrl, email));
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').fill('Acme');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Members' }).click();
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByRole('dialog').getByText('This server sends no mail yet: tell them yourself').waitFor();
    await page.getByLabel('Email address').fill(invited);
    await page.keyboard.press('Enter');
    const [mailbox] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: `Mailbox of ${invited}` }).click(),
    ]);
    await mailbox.getByText(`${email} has invited you`).waitFor();
    const session = (await context.cookies()).find(({ name }) => name === 'latchkey_dashboard');
    const api = createClient({ baseUrl, accessToken: session?.value });
    const [organization] = (await api.callOrThrow('sessions.me', {})).organizations;
    const { invitations } = await api.callOrThrow('members.list', { organizationId: organization?.id ?? '' });
    expect(invitations).toMatchObject([{ email: invited }]);
  });
});
