import { OauthFlows, startTestApp, type TestApp, temporaryFolder } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('the local mailbox', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      engine: 'sqlite',
      dataDir: temporaryFolder('mailbox'),
      databaseUrl: undefined,
    });
  });
  afterAll(() => app.close());

  const statusWith = async (headers: Record<string, string>, from = '127.0.0.1') =>
    (await app.call('/local/mailbox/ann@example.com', { headers, from })).status;

  it.each(['localhost', 'localhost:4700', '127.0.0.1:4700', '[::1]:4700'])('opens under %s', async (host) => {
    expect(await statusWith({ host })).toBe(200);
  });

  it.each(['evil.com', 'localhost.evil.com', '192.0.2.1'])('stays shut under %j', async (host) => {
    expect(await statusWith({ host })).toBe(404);
    expect(await statusWith({ host, 'x-forwarded-host': 'localhost' })).toBe(404);
  });

  it.each([
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'forwarded',
    'via',
    'x-real-ip',
  ])('stays shut to what came with %s', async (name) => {
    expect(await statusWith({ host: 'localhost', [name]: 'localhost' })).toBe(404);
  });

  it('shows a person in a browser what they would have got, and leads there from where the code is asked for', async () => {
    const email = 'ann@example.com';
    const flows = new OauthFlows(app);
    const visitor = flows.visitor();
    await visitor.open(flows.authorizeUrl('v'.repeat(43)));
    await visitor.submit('/email', { email });
    const [, path = ''] = /href="([^"]+)" target="_blank"/.exec(visitor.page) ?? [];
    expect(path).toBe('/local/mailbox/ann%40example.com');
    const headers = { host: 'localhost', accept: 'text/html,*/*;q=0.8' };
    const { body, headers: answered } = await app.call(path, { headers, from: '127.0.0.1' });
    expect(String(answered['content-type'])).toContain('text/html');
    expect(body).toContain(`<h2>${app.codeFor(email)} is your Latchkey code</h2>`);
  });

  it('stays shut to another machine', async () => {
    expect(await statusWith({ host: 'localhost' }, '192.0.2.1')).toBe(404);
  });
});
