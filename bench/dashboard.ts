import type { Browser } from 'playwright-core';
import { launchChromium } from '../e2e/chromium.ts';
import { pinSelf } from './child.ts';
import { firstLoadBytes, type Opened, opening, scrolling } from './dashboard-pages.ts';
import { buildDashboard, startDashboard, startEmptyPage } from './dashboard-servers.ts';
import type { Bench, Finding } from './finding.ts';
import { measureRounds } from './rounds.ts';
import { inScratchFolder } from './scratch.ts';

const serverCore = 0;
const rounds = 11;
const warmUpRounds = 2;
const keys = 10_000;
const firstLoadAimBytes = 250_000;
/** 30 frames a second. */
const frameAimMs = 33.3;

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}

/** The first load of a page in both encodings; where TLS is, and on the machine itself, browsers take Brotli. */
async function describeLoad(browser: Browser, opened: Opened): Promise<string> {
  const [brotli, gzip] = [
    await firstLoadBytes(browser, opened, 'br'),
    await firstLoadBytes(browser, opened, 'gzip'),
  ];
  const verdict = brotli <= firstLoadAimBytes ? 'reached' : 'missed';
  return `${kilobytes(brotli)} with Brotli (≤ ${kilobytes(firstLoadAimBytes)}: ${verdict}), ${kilobytes(gzip)} with gzip`;
}

async function measureOn(folder: string, browser: Browser): Promise<Finding> {
  await buildDashboard();
  const [empty, latchkey] = [await startEmptyPage(folder), await startDashboard(folder, browser, keys)];
  const { baseUrl, session, organizationId } = latchkey;
  const floor: Opened = { name: 'empty React page', url: `http://127.0.0.1:${empty.port}/` };
  const start: Opened = { name: 'dashboard, nobody signed in', url: `${baseUrl}/` };
  const home: Opened = {
    name: 'dashboard, home',
    url: `${baseUrl}/o/${organizationId}`,
    session,
    last: '.recharts-rectangle',
  };
  const list: Opened = {
    name: 'frame while 10,000 keys scroll, slowest second',
    url: `${home.url}/keys`,
    session,
  };
  const measured = await measureRounds(
    [...[floor, start, home].map((opened) => opening(browser, opened)), scrolling(browser, list)],
    { rounds, warmUpRounds },
  );
  const facts = {
    'First load of everything, home with its chart': await describeLoad(browser, home),
    'First load of everything, nobody signed in': await describeLoad(browser, start),
    'First load of the empty React page': await describeLoad(browser, floor),
    Chromium: browser.version(),
  };
  await Promise.all([empty.stop(), latchkey.stop()]);
  return {
    method: `Chromium without a window, a new profile for each page, so that nothing is in a cache. Time until interactive: from asking for the page until its heading is in a frame and the main thread serves what waits. The empty React page shows one heading; it is compressed and sent by the same code. Who is not signed in gets the way in, a page of the server without React. Home is that of somebody with ${keys} keys: its heading and the menu, whose links lead on, come first; what is called shown is the time until the rest is there, but for what its cards say. Scrolling: those keys, for 10 s from the first on, as fast as they arrive, half of what is seen in each frame; what counts is the second in which the fewest frames were shown. Chromium with all its processes is held to core 1, servers and what steers the browser to core 0. Latchkey runs as \`latchkey serve\` with its default settings.`,
    unit: 'ms',
    measured,
    comparisons: [
      { of: start.name, to: floor.name, aim: { atMost: 1.5 } },
      { of: home.name, to: floor.name, aim: { atMost: 1.5 } },
    ],
    bounds: [{ of: list.name, over: 'worst', atMost: frameAimMs }],
    facts,
    limits: [
      'Loopback: bytes cost nothing on their way. Where there is neither TLS nor loopback, browsers take gzip.',
      'One core does for the page what two or more do elsewhere: reading code, drawing and the network take turns.',
      'Without a window nothing is drawn by a graphics processor: frames take longer than on a desk.',
    ],
  };
}

async function measureIn(folder: string): Promise<Finding> {
  const browser = await launchChromium();
  // What is measured is the page, and not what is told of it meanwhile.
  pinSelf(serverCore);
  try {
    return await measureOn(folder, browser);
  } finally {
    await browser.close();
  }
}

/** The first load of the dashboard, and scrolling in it. */
export const dashboard: Bench = {
  summary: 'first load of the dashboard against an empty React page, and frames while 10,000 keys scroll',
  run: () => inScratchFolder(measureIn),
};
