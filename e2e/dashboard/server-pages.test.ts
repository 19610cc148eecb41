import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Person, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

/** What a program without a browser is answered when it asks to be let in (RFC 8628). */
interface Waiting {
  readonly device_code: string;
  readonly user_code: string;
}

describe('the pages on which the server itself asks', () => {
  let dashboard: Dashboard;
  let person: Person;
  beforeAll(async () => {
    dashboard = await startDashboard();
    person = await dashboard.newcomer();
  });
  afterAll(() => dashboard.close());

  async function ask(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    const body = new URLSearchParams({ client_id: 'latchkey-cli', ...fields });
    return fetch(`${dashboard.server.baseUrl}/oauth/${path}`, { method: 'POST', body });
  }
  async function newDevice(): Promise<Waiting> {
    return (await (await ask('device', { scope: 'latchkey' })).json()) as Waiting;
  }
  async function shows(title: string, picture: string): Promise<void> {
    await person.page.getByRole('heading', { level: 1, name: title }).waitFor();
    await lookAt(person, picture);
  }
  async function type(text: string): Promise<void> {
    await person.page.locator('input:focus').fill(text);
    await person.page.keyboard.press('Enter');
  }

  it('can be read and used by everybody, on the way of a device from its code to its session', async () => {
    const { page, email } = person;
    const device = await newDevice();
    await page.goto('/device');
    await shows('Connect a device', 'server-device');
    await type('BBBB-BBBB');
    await page.getByRole('alert').getByText('There is no such code').waitFor();
    await shows('Connect a device', 'server-device-wrong');
    await type(device.user_code);
    await shows('Is this your device?', 'server-device-confirm');
    await page.getByRole('button', { name: 'Yes, continue' }).click();
    await shows('Sign in', 'server-sign-in');
    await type('nobody');
    await page.getByRole('alert').getByText('not a valid email address').waitFor();
    await shows('Sign in', 'server-sign-in-wrong');
    await page.getByLabel('Email address').fill('');
    await type(email);
    await shows('Check your email', 'server-code');
    await type(await dashboard.mail.codeFor(email));
    await shows('Allow Latchkey command line?', 'server-consent');
    await page.getByRole('button', { name: 'Allow' }).click();
    await shows('You are signed in', 'server-device-done');
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
    };
    expect((await ask('token', grant)).status).toBe(200);
  });

  it('say that a device was denied', async () => {
    const device = await newDevice();
    await person.page.goto('/device');
    await type(device.user_code);
    await person.page.getByRole('button', { name: 'No, deny' }).click();
    await shows('Denied', 'server-device-denied');
  });
});
