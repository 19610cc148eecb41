import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, type Person, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

describe('signing in to the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  const people: Person[] = [];

  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner();
    people.push(owner);
  });
  afterEach(() => {
    expect(people.flatMap(({ complaints }) => complaints.splice(0))).toEqual([]);
  });
  afterAll(() => dashboard.close());

  async function newcomer(): Promise<Person> {
    const person = await dashboard.newcomer();
    people.push(person);
    return person;
  }
  const heading = (person: Person, name: string) => person.page.getByRole('heading', { level: 1, name });

  it('starts with nothing but an address, and ends in an organization of one’s own', async () => {
    const person = await newcomer();
    await person.page.goto('/');
    await heading(person, 'Sign in').waitFor();
    expect(await person.page.title()).toBe('Sign in · Latchkey');
    await lookAt(person, 'sign-in');
    await person.signIn();
    await heading(person, 'Create your organization').waitFor();
    await person.page.getByText(person.email).waitFor();
    await lookAt(person, 'first-organization');
    await person.page.getByLabel('Name').fill('Globex');
    await person.page.keyboard.press('Enter');
    await heading(person, 'Home').waitFor();
    const { organizations } = await (await person.api()).callOrThrow('sessions.me', {});
    expect(organizations).toMatchObject([{ name: 'Globex', role: 'owner' }]);
  });

  it('that was not finished says so, and begins anew', async () => {
    const person = await newcomer();
    await person.page.goto('/session/callback?error=access_denied');
    await person.page.getByRole('alert').getByText('begin again here').waitFor();
    await person.signIn();
    await heading(person, 'Create your organization').waitFor();
  });

  it('leads back to the page that was asked for', async () => {
    const person = await newcomer();
    const path = `/o/${owner.organizationId}/keys`;
    await person.page.goto(path);
    await person.signIn();
    expect(new URL(person.page.url()).pathname).toBe(path);
  });

  it('shows an organization to its members alone', async () => {
    const stranger = await dashboard.owner('Initech');
    people.push(stranger);
    await stranger.page.goto(`/o/${owner.organizationId}/keys`);
    await heading(stranger, 'There is no such page').waitFor();
    await lookAt(stranger, 'not-found');
  });

  it('lets the keyboard skip the menu, and reads on at the heading of the next page', async () => {
    const { page } = owner;
    await owner.open('');
    await page.keyboard.press('Tab');
    await page.locator('a:focus', { hasText: 'Skip to the content' }).press('Enter');
    await page.locator('main:focus').waitFor();
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.locator('h1:focus', { hasText: 'Keys' }).waitFor();
    expect(await page.title()).toBe('Keys · Latchkey');
  });

  it('is undone everywhere at once, after a question', async () => {
    const { page } = owner;
    await owner.open('keys');
    const before = await owner.api();
    await page.getByRole('button', { name: owner.email }).click();
    await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
    await page.getByRole('dialog').getByText('this one too').waitFor();
    await page.keyboard.press('Escape');
    expect((await before.call('sessions.me', {})).success).toBe(true);
    await page.locator('button:focus', { hasText: owner.email }).click();
    await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await heading(owner, 'Sign in').waitFor();
    expect(await before.call('sessions.me', {})).toMatchObject({ status: 401 });
  });
});
