import { defaultScopes } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../clients.ts';
import { transcript } from '../transcript.ts';
import { startWorld, type World } from '../world.ts';

type Flow = 'signup' | 'login';

describeEachEngine('the published client: auth', (open) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(await open());
  });
  afterAll(() => world.close());

  /** Asks for a code and reads it from the mail. */
  async function codeFor(client: Client, flow: Flow, email: string): Promise<string> {
    const asked = await client.run(['auth', `${flow}-request`, '--email', email]);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    return await world.mail.codeFor(email);
  }

  const complete = (flow: Flow, email: string, code: string, ...more: string[]) => [
    'auth',
    `${flow}-complete`,
    '--email',
    email,
    '--code',
    code,
    ...more,
  ];

  it('signs up in two commands, with a code that came by encrypted mail', async () => {
    const client = world.client('codika');
    const email = world.newEmail();
    const asked = await client.run(['auth', 'signup-request', '--email', email]);
    expect(asked.code).toBe(0);
    expect(transcript(asked.stdout)).toEqual([
      '✓ OTP sent',
      `Email: ${email}`,
      'Expires: in 600s (~10 minutes)',
      'Check your inbox for the 6-digit code, then run:',
      `codika auth signup-complete --email ${email} --code <6-digit-code>`,
    ]);
    const message = await world.mail.waitFor(email);
    expect(message).toMatchObject({ usedTls: true, user: 'latchkey' });
    const code = /\b[0-9]{6}\b/.exec(message.subject)?.[0] ?? 'none';
    const done = await client.run(complete('signup', email, code));
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(transcript(done.stdout)).toEqual([
      '✓ Signup complete',
      'Profile: my-organization (active)',
      'Organization: My Organization (<id>)',
      'Key name: CLI default key',
      'Key: <masked>',
      `Scopes: ${defaultScopes.join(', ')}`,
      'You can now run `codika whoami`, `codika deploy ...`, etc.',
    ]);
  });

  it('signs up with every option, as JSON without the secret', async () => {
    const client = world.client('codika');
    const email = world.newEmail();
    const asked = await client.json(['auth', 'signup-request', '--email', ` ${email.toUpperCase()} `]);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked.body).toEqual({ success: true, data: { email, expiresInSeconds: 600 } });
    const code = await world.mail.codeFor(email);
    const options = ['--company', 'Acme', '--description', 'We make', '--key-name', 'Laptop'];
    const args = complete('signup', email, code, ...options, '--key-expires-in', '30', '--name', 'mine');
    const done = await client.json(args);
    expect(done.code).toBe(0);
    expect(done.body).toEqual({
      success: true,
      data: {
        profileName: 'mine',
        organizationId: expect.stringMatching(/^[0-9A-Za-z]{20}$/),
        organizationName: 'Acme',
        isNewUser: true,
        apiKey: {
          keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          keyPrefix: expect.stringMatching(/^cko_[0-9A-Za-z]{8}$/),
          name: 'Laptop',
          scopes: defaultScopes,
          createdAt: expect.stringMatching(/^20.*Z$/),
          expiresAt: expect.stringMatching(/^20.*Z$/),
        },
      },
    });
    const { createdAt, expiresAt } = (done.body as { data: { apiKey: Record<string, string> } }).data.apiKey;
    expect(Date.parse(expiresAt ?? '') - Date.parse(createdAt ?? '')).toBe(30 * 24 * 60 * 60 * 1000);
  });

  it('signs up somebody who has an account and no organization', async () => {
    const { email } = await world.account({ organizations: [] });
    const client = world.client('codika');
    const code = await codeFor(client, 'signup', email);
    const done = await client.json(complete('signup', email, code));
    expect(done).toMatchObject({ code: 0, body: { data: { isNewUser: false } } });
  });

  it('logs in to the only organization', async () => {
    const account = await world.account();
    const client = world.client('codika');
    const asked = await client.run(['auth', 'login-request', '--email', account.email]);
    expect(transcript(asked.stdout)).toEqual([
      '✓ OTP sent',
      `Email: ${account.email}`,
      'Expires: in 600s (~10 minutes)',
      'Check your inbox for the 6-digit code, then run:',
      `codika auth login-complete --email ${account.email} --code <6-digit-code>`,
    ]);
    const code = await world.mail.codeFor(account.email);
    const done = await client.run(complete('login', account.email, code, '--key-expires-in', '365'));
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(transcript(done.stdout)).toEqual([
      '✓ Login complete',
      'Profile: acme (active)',
      'Organization: Acme (<id>)',
      'Key name: CLI default key',
      'Key: <masked>',
      `Scopes: ${defaultScopes.join(', ')}`,
      'Expires: <date>',
    ]);
  });

  it('logs in to the organization that was picked, as JSON without the secret', async () => {
    const account = await world.account({ organizations: ['Acme', 'Beta Corp'] });
    const client = world.client('codika');
    const asked = await client.json(['auth', 'login-request', '--email', account.email]);
    expect(asked.body).toEqual({ success: true, data: { email: account.email, expiresInSeconds: 600 } });
    const code = await world.mail.codeFor(account.email);
    const picked = account.organizations[1]?.id ?? '';
    const done = await client.json(complete('login', account.email, code, '--organization-id', picked));
    expect(done.code).toBe(0);
    expect(done.body).toEqual({
      success: true,
      data: {
        profileName: 'beta-corp',
        organizationId: picked,
        organizationName: 'Beta Corp',
        apiKey: {
          keyId: expect.any(String),
          keyPrefix: expect.stringMatching(/^cko_[0-9A-Za-z]{8}$/),
          name: 'CLI default key',
          scopes: defaultScopes,
          createdAt: expect.any(String),
        },
      },
    });
  });
});
