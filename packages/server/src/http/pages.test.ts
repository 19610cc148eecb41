import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const nul = '%00';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describeEachEngine('what no operation reads', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  it.each([
    `/v1/organizations/${nul}/logo`,
    `/v1/organizations/a${nul}/logo`,
    `/v1/organizations/${'x'.repeat(65)}/logo`,
    `/oauth/interaction/${nul}`,
    `/oauth/authorize/${nul}`,
    `/oauth/authorize?client_id=${nul}&response_type=code`,
    `/oauth/authorize?client_id=latchkey-cli&response_type=code&scope=${nul}&state=${nul}&redirect_uri=${nul}`,
    `/device/${nul}`,
    `/device?user_code=${nul}`,
    `/local/mailbox/${nul}`,
  ])('is refused and breaks nothing where GET %s holds a NUL', async (path) => {
    expect((await app.call(path, { headers: { host: 'localhost' } })).status).toBeLessThan(500);
  });

  it.each(['//healthz', '///healthz', '//healthz?next=//example.com'])('is found at %s', async (path) => {
    expect((await app.call(`http://localhost${path}`)).status).toBe(200);
  });

  it.each([
    ['/device', `user_code=${nul}&xsrf=${nul}`],
    ['/oauth/device', `client_id=${nul}`],
    ['/oauth/device', `client_id=latchkey-cli&scope=${nul}`],
    ['/oauth/token', `grant_type=${nul}&client_id=latchkey-cli`],
    ['/oauth/token', `grant_type=authorization_code&client_id=latchkey-cli&code=${nul}`],
    ['/oauth/token', `grant_type=refresh_token&client_id=latchkey-cli&refresh_token=${nul}`],
    [
      '/oauth/token',
      `grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=latchkey-cli&device_code=${nul}`,
    ],
    ['/oauth/revoke', `client_id=latchkey-cli&token=${nul}`],
    ['/oauth/introspect', `client_id=${nul}&client_secret=${nul}&token=${nul}`],
    [`/oauth/interaction/${nul}/email`, `token=${nul}&email=${nul}`],
  ])('is refused and breaks nothing where POST %s holds a NUL in %s', async (path, body) => {
    expect((await app.call(path, { body, headers: form })).status).toBeLessThan(500);
  });
});
