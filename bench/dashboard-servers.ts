import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@latchkey/sdk';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { codeOf } from '../e2e/oauth/person.ts';
import { compressed } from '../packages/dashboard/build/compressed.ts';
import { startProgramOfBench } from './bench-program.ts';
import type { ServerChild } from './child.ts';
import { startLatchkey } from './mint-servers.ts';
import { projectPath } from './project-path.ts';
import { seedKeys } from './seeded-keys.ts';

/** Builds the dashboard as it is now. */
export async function buildDashboard(): Promise<void> {
  await build({ configFile: projectPath('packages/dashboard/vite.config.ts'), logLevel: 'warn' });
}

/** Builds a page that shows a heading by React, compressed and served in the same way. */
export async function startEmptyPage(folder: string): Promise<ServerChild> {
  const outDir = join(folder, 'empty-page');
  await build({
    configFile: false,
    root: projectPath('bench/empty-page'),
    plugins: [compressed],
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true, modulePreload: { polyfill: false } },
  });
  copyFileSync(projectPath('packages/dashboard/public/favicon.svg'), join(outDir, 'favicon.svg'));
  return startProgramOfBench(folder, 'empty-page-child.ts', outDir);
}

/** What a browser keeps of a person who is signed in. */
export type Session = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>;

/** Signs somebody in who is asked for the name of their first organization; answers its id, too. */
async function signIn(
  browser: Browser,
  baseUrl: string,
): Promise<{ session: Session; organizationId: string }> {
  const email = 'bench@example.com';
  const context = await browser.newContext({ baseURL: baseUrl });
  const page = await context.newPage();
  await page.goto('/session/begin');
  await page.getByLabel('Email address').fill(email);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Type the code' }).waitFor();
  await page.locator('input:focus').fill(await codeOf(baseUrl, email));
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').fill('Bench');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/o/*');
  const session = await context.storageState();
  await context.close();
  return { session, organizationId: new URL(page.url()).pathname.split('/')[2] ?? '' };
}

/** Lets a key be used, as somebody who is signed in: the home page draws that. */
async function useKey(baseUrl: string, session: Session, organizationId: string): Promise<void> {
  const accessToken = session.cookies.find(({ name }) => name === 'latchkey_dashboard')?.value;
  const person = createClient({ baseUrl, accessToken });
  const wanted = { organizationId, name: 'Used', scopes: ['keys:verify'] };
  const { apiKey } = await person.callOrThrow('keys.createForOrganization', wanted);
  await createClient({ baseUrl, apiKey }).callOrThrow('keys.verify', { key: apiKey });
}

/** A Latchkey with the keys of one person's organization, and that person's session. */
export interface DashboardServer extends ServerChild {
  readonly baseUrl: string;
  readonly session: Session;
  readonly organizationId: string;
}

/** Starts `latchkey serve` with so many keys, and one that was used. They are put in while nobody asks it for anything. */
export async function startDashboard(
  folder: string,
  browser: Browser,
  keys: number,
): Promise<DashboardServer> {
  const server = await startLatchkey(folder);
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const { session, organizationId } = await signIn(browser, baseUrl);
  await useKey(baseUrl, session, organizationId);
  const dataDir = join(folder, 'latchkey-data');
  seedKeys({ dataDir, databaseFile: server.databaseFile, organizationId, keys });
  return { ...server, baseUrl, session, organizationId };
}
