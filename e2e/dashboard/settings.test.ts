import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

/** Two by two pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAEklEQVR4AWI6Y2z8H4SZGKAAAAAA//9GCLHHAAAABklEQVQDADraBGceUPKyAAAAAElFTkSuQmCC',
  'base64',
);

describe('the settings in the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner('Acme');
  });
  afterAll(() => dashboard.close());

  const read = async () =>
    (await owner.api()).callOrThrow('organizations.get', { organizationId: owner.organizationId });

  it('rename the organization', async () => {
    const { page } = owner;
    await owner.open('settings');
    await page.getByRole('list', { name: 'Limits' }).waitFor();
    await page.getByLabel('Name').fill('Acme & Sons');
    await page.getByLabel('Description').fill('We make things');
    await page.getByLabel('Size').selectOption('11-50');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await read()).toMatchObject({ name: 'Acme & Sons', description: 'We make things', size: '11-50' });
    await page.getByRole('banner').getByText('Acme & Sons').waitFor();
  });

  it('take a logo, show it and remove it', async () => {
    const { page } = owner;
    await owner.open('settings');
    const file = { name: 'logo.png', mimeType: 'image/png', buffer: png };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('img', { name: 'Logo of the organization' }).waitFor();
    expect((await read()).logo).toMatchObject({ mimeType: 'image/png' });
    await lookAt(owner, 'settings');
    await page.getByRole('button', { name: 'Remove the logo' }).click();
    await page.getByText('There is none yet').waitFor();
    expect((await read()).logo).toBeNull();
  });

  it('refuse what is no picture, and say what is one', async () => {
    const { page } = owner;
    await owner.open('settings');
    const file = { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('alert').waitFor();
    expect((await read()).logo).toBeNull();
  });

  it('say what the server is set to, and by what', async () => {
    const { page } = owner;
    await owner.open('settings');
    const told = page.getByRole('list', { name: 'Settings of the server' });
    await told.getByText('LATCHKEY_UPSTREAM_ISSUER').waitFor();
    await told.getByText('Not set: emailed codes alone').waitFor();
  });
});
