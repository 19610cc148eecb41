/** Stands in `BROWSER`: a person who signs in as `PERSON_EMAIL` and allows, in a browser without a window. */
import { browserFor, signInAndAllow } from './person.ts';

const [, , url = ''] = process.argv;
const { origin } = new URL(url);
const browser = browserFor(() => origin);
await browser.open(url);
await signInAndAllow(origin, browser, process.env.PERSON_EMAIL ?? '');
await fetch(browser.leftTo ?? '');
