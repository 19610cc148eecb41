import { type Client, createClient } from '@latchkey/sdk';
import { type ServerProcess, type SmtpSink, startServer, startSmtpSink } from '@latchkey/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../chromium.ts';

/** Sizes that pages are looked at in. */
export const sizes = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

/** Somebody with a browser of their own. */
export interface Person {
  readonly email: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What a page did that none may: errors on the console (also of the policy), requests to another origin. */
  readonly complaints: string[];
  /** Clicks through the sign-in, with the code that was mailed, from the page that is shown. */
  signIn(): Promise<void>;
  /** The API as this person, by the session of the browser: shows that what the page says has happened. */
  api(): Promise<Client>;
  /** The connection is down while `during` runs; what the browser itself then says of that is no complaint. */
  withoutNetwork(during: () => Promise<void>): Promise<void>;
  /** The server does what `during` asks for at these addresses (a glob), and its answers are lost on the way. */
  withoutAnswers(addresses: string, during: () => Promise<void>): Promise<void>;
}

/** The owner of an organization, signed in, on its home page. */
export interface Owner extends Person {
  readonly organizationId: string;
  /** Opens a page of the organization: `keys`. */
  open(page: string): Promise<void>;
}

/** A started server that sends real mail, and a browser: one of each per file of journeys. */
export interface Dashboard {
  readonly server: ServerProcess;
  readonly mail: SmtpSink;
  /** Somebody whom the server has never seen, on a blank page. */
  newcomer(email?: string): Promise<Person>;
  owner(organization?: string, email?: string): Promise<Owner>;
  /** The same person in another browser, where nobody is signed in yet. */
  otherBrowserOf(person: Person): Promise<Person>;
  close(): Promise<void>;
}

/** The page says itself what was refused; the browser says it once more. */
const refused = /^Failed to load resource: the server responded with a status of 4\d\d/;
const unreachable = /^Failed to load resource: net::ERR_/;

function watch(page: Page, origin: string, isCut: () => boolean): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const text = message.text();
    if (!refused.test(text) && !(isCut() && unreachable.test(text))) complaints.push(text);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !/^(data|blob):$/.test(url.protocol)) complaints.push(`asks ${url.origin}`);
  });
  return complaints;
}

interface Started {
  readonly server: ServerProcess;
  readonly mail: SmtpSink;
  readonly browser: Browser;
}

async function newPerson({ server, mail, browser }: Started, email: string): Promise<Person> {
  const context = await browser.newContext({
    baseURL: server.baseUrl,
    viewport: sizes.desktop,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  // A page that does not show what is waited for is to say so within the test.
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  let isCut = false;
  async function whileCut(during: () => Promise<void>): Promise<void> {
    isCut = true;
    await during();
    await context.setOffline(false);
    isCut = false;
  }
  return {
    email,
    page,
    context,
    complaints: watch(page, server.baseUrl, () => isCut),
    async signIn() {
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('Email address').fill(email);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Check your email' }).waitFor();
      await page.locator('input:focus').fill(await mail.codeFor(email));
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !/^\/(oauth|interaction|session)\b/.test(url.pathname));
    },
    async api() {
      const cookies = await context.cookies(server.baseUrl);
      const session = cookies.find(({ name }) => name === 'latchkey_dashboard');
      return createClient({ baseUrl: server.baseUrl, accessToken: session?.value });
    },
    async withoutNetwork(during) {
      await context.setOffline(true);
      await whileCut(during);
    },
    async withoutAnswers(addresses, during) {
      await page.route(addresses, async (route) => {
        if (route.request().method() === 'GET') return route.fallback();
        await route.fetch();
        // What is sent again does not arrive either.
        await context.setOffline(true);
        return route.abort('connectionreset');
      });
      await whileCut(during);
      await page.unroute(addresses);
    },
  };
}

async function asOwner(person: Person, name: string): Promise<Owner> {
  await person.page.goto('/');
  await person.signIn();
  const api = await person.api();
  const { organizationId } = await api.callOrThrow('organizations.create', { name });
  async function open(page: string): Promise<void> {
    await person.page.goto(`/o/${organizationId}/${page}`);
    await person.page.locator('main[aria-busy=false]').getByRole('heading', { level: 1 }).waitFor();
  }
  await open('');
  return { ...person, organizationId, open };
}

/** Starts what journeys need. */
export async function startDashboard(env: Readonly<Record<string, string>> = {}): Promise<Dashboard> {
  const mail = await startSmtpSink();
  const [server, browser] = await Promise.all([startServer({ smtp: mail, env }), launchChromium()]);
  const started = { server, mail, browser };
  let people = 0;
  const newcomer = (email?: string) => {
    people += 1;
    return newPerson(started, email ?? `person-${people}@example.test`);
  };
  return {
    server,
    mail,
    newcomer,
    owner: async (organization = 'Acme', email) => asOwner(await newcomer(email), organization),
    otherBrowserOf: ({ email }) => newPerson(started, email),
    async close() {
      await browser.close();
      await server.stop();
      await mail.close();
    },
  };
}
