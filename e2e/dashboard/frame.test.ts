import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, startDashboard } from './journey.ts';

const allButTheFrame = /\/assets\/dashboard-[^/]*\.js$/;

/** Runs in the page: where its heading is, and what it looks like. */
const placeAndLook = `(() => {
  const { x, y, height } = document.querySelector('h1').getBoundingClientRect();
  const { backgroundColor, fontFamily } = getComputedStyle(document.body);
  return { x, y, height, backgroundColor, fontFamily };
})()`;

describe('the frame of the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;

  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner();
  });
  afterEach(async () => {
    await owner.page.unroute(allButTheFrame);
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => dashboard.close());

  const heading = (name: string) => owner.page.getByRole('heading', { level: 1, name });
  const isBusy = (busy: boolean) => owner.page.locator(`main[aria-busy=${busy}]`);

  describe('before what it is for has arrived', () => {
    let arrive: () => void;

    beforeEach(async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      arrive = resolve;
      await owner.page.route(allButTheFrame, async (route) => {
        await promise;
        await route.continue();
      });
      await owner.page.goto(`/o/${owner.organizationId}`, { waitUntil: 'commit' });
      await isBusy(true).getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    });

    it('leads to every page by itself', async () => {
      await owner.page.getByRole('link', { name: 'Members' }).click();
      await isBusy(true).getByRole('heading', { level: 1, name: 'Members' }).waitFor();
      arrive();
      await isBusy(false).getByText(owner.email).waitFor();
      expect(new URL(owner.page.url()).pathname).toBe(`/o/${owner.organizationId}/members`);
    });

    it('keeps the focus of whoever walks through it already', async () => {
      await owner.page.getByRole('link', { name: 'Audit' }).focus();
      arrive();
      await isBusy(false).getByText('What deserves a look today').waitFor();
      await owner.page.locator('a:focus', { hasText: 'Audit' }).press('Enter');
      await isBusy(false).getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    });

    it('stands where it will stand, in the colours that were chosen', async () => {
      const placeOf = () => owner.page.evaluate(placeAndLook);
      const early = await placeOf();
      arrive();
      await isBusy(false).getByText('What deserves a look today').waitFor();
      expect(await placeOf()).toEqual(early);
    });
  });

  it('says that the rest could not be loaded, and tries again', async () => {
    await owner.page.route(allButTheFrame, (route) => route.abort());
    await owner.page.goto(`/o/${owner.organizationId}/keys`);
    await heading('The dashboard could not be loaded').waitFor();
    await owner.page.getByRole('alert').getByText('Check your connection').waitFor();
    owner.complaints.splice(0);
    await owner.page.unroute(allButTheFrame);
    await owner.page.getByRole('button', { name: 'Try again' }).click();
    await isBusy(false).getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
  });
});
