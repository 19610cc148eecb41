import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Session } from './dashboard-servers.ts';
import type { Variant } from './rounds.ts';

/**
 * Runs in the page: times since it was asked for until its heading is in a frame and a click would be served, and until
 * the same holds for what its frame is for.
 */
const watch = `const isThere = (selector) => new Promise((resolve) => {
  new MutationObserver((_changes, observer) => {
    if (document.querySelector(selector) === null) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  }).observe(document, { childList: true, subtree: true, attributes: true });
});
window.interactive = isThere('h1');
window.shown = isThere('main[aria-busy=false] h1');`;

const transferred = `performance.getEntries().reduce(
  (sum, { entryType, encodedBodySize }) => sum + (/^(navigation|resource)$/.test(entryType) ? encodedBodySize : 0), 0)`;

const scrollMs = 10_000;

/**
 * Runs in the page: scrolls the list as fast as keys arrive, half of what is seen in each frame; answers how long
 * frames took, in milliseconds.
 */
const scrollThrough = `new Promise((resolve) => {
  const list = document.querySelector('section[aria-label="Keys"]');
  const frames = [];
  const startedAt = performance.now();
  let before = startedAt;
  const scroll = (now) => {
    frames.push(now - before);
    before = now;
    if (now - startedAt > ${scrollMs}) return resolve(frames);
    list.scrollTop += list.clientHeight / 2;
    requestAnimationFrame(scroll);
  };
  requestAnimationFrame(scroll);
})`;

async function onNewPage<Result>(
  browser: Browser,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext(options);
  await context.addInitScript(watch);
  const page = await context.newPage();
  const result = await work(page);
  await context.close();
  return result;
}

/** A page that is opened, by whom, and what its figures are called. */
export interface Opened {
  readonly name: string;
  readonly url: string;
  readonly session?: Session;
  /** A selector of what comes last. */
  readonly last?: string;
}

function optionsOf({ session }: Opened): BrowserContextOptions {
  return session === undefined ? {} : { storageState: session };
}

/** Bytes of everything that a browser asks for until all of a page is shown, as they are sent where it takes `encoding`. */
export function firstLoadBytes(browser: Browser, opened: Opened, encoding: 'br' | 'gzip'): Promise<number> {
  const extraHTTPHeaders = { 'accept-encoding': encoding };
  return onNewPage(browser, { ...optionsOf(opened), extraHTTPHeaders }, async (page) => {
    await page.goto(opened.url);
    await page
      .locator(opened.last ?? 'h1')
      .first()
      .waitFor();
    await page.waitForLoadState('networkidle');
    return (await page.evaluate(transferred)) as number;
  });
}

/** What the figure until a page shows more than its frame is called. */
export function shownName({ name }: Opened): string {
  return `${name}, shown`;
}

/**
 * Measures how long a page takes, in a browser that has nothing of it, until it can be used; and for one with a frame,
 * until that is no longer busy.
 */
export function opening(browser: Browser, opened: Opened): Variant {
  return {
    measure: () =>
      onNewPage(browser, optionsOf(opened), async (page) => {
        await page.goto(opened.url);
        const interactive = (await page.evaluate('window.interactive')) as number;
        if (opened.session === undefined) return { [opened.name]: interactive };
        const shown = (await page.evaluate('window.shown')) as number;
        return { [opened.name]: interactive, [shownName(opened)]: shown };
      }),
  };
}

/** Frames of the slowest whole second, as the time that each took. */
function slowestSecond(framesMs: readonly number[]): number {
  let [worstMs, startsAtMs, frames, atMs] = [0, 0, 0, 0];
  for (const frameMs of framesMs) {
    atMs += frameMs;
    frames += 1;
    if (atMs - startsAtMs < 1_000) continue;
    worstMs = Math.max(worstMs, (atMs - startsAtMs) / frames);
    [startsAtMs, frames] = [atMs, 0];
  }
  return worstMs;
}

/** Measures the frames while a list of keys is scrolled from its beginning. */
export function scrolling(browser: Browser, opened: Opened): Variant {
  return {
    measure: () =>
      onNewPage(browser, optionsOf(opened), async (page) => {
        await page.goto(opened.url);
        await page.getByRole('row').nth(20).waitFor();
        return { [opened.name]: slowestSecond((await page.evaluate(scrollThrough)) as number[]) };
      }),
  };
}
