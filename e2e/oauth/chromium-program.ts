/** Stands in `BROWSER`: a person who signs in as `PERSON_EMAIL` and allows, in Chromium. */
import { writeFileSync } from 'node:fs';
import { launchChromium } from '../chromium.ts';
import { codeOf } from './person.ts';

const [, , url = ''] = process.argv;
const { PERSON_EMAIL: email = '', SHOWN_IN: shownIn = '' } = process.env;
const browser = await launchChromium();
const page = await browser.newPage();
await page.goto(url);
await page.getByLabel('Email').fill(email);
await page.getByRole('button').first().click();
await page.getByLabel('code').fill(await codeOf(new URL(url).origin, email));
await page.getByRole('button').first().click();
await page.getByRole('button', { name: 'Allow' }).click();
await page.waitForURL('http://127.0.0.1:*/callback?**');
writeFileSync(shownIn, await page.locator('body').innerText());
await browser.close();
