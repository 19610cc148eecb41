import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../clients.ts';
import { call, dataOf } from '../http-client.ts';
import { expectAuthRefusal } from '../refusals.ts';
import { transcript } from '../transcript.ts';
import { emptySqlite, startWorld, type World } from '../world.ts';

type Flow = 'signup' | 'login';

const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

// On SQLite alone: the scenario tables of the server hold the same rules against both engines.
describe.each(['codika', 'latchkey'] as const)('%s auth', (program) => {
  let world: World;
  const refusedByMailServer = new Map<string, 550 | 451>();

  beforeAll(async () => {
    world = await startWorld(emptySqlite(), { refuse: (address) => refusedByMailServer.get(address) });
  });
  afterAll(() => world.close());

  /** Asks for a code and reads it from the mail. */
  async function codeFor(client: Client, flow: Flow, email: string): Promise<string> {
    const asked = await client.run(['auth', `${flow}-request`, '--email', email]);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    return await world.mail.codeFor(email);
  }

  const complete = (flow: Flow, email: string, code: string, ...more: string[]) => {
    return ['auth', `${flow}-complete`, '--email', email, '--code', code, ...more];
  };

  /** An address with a pending code of this flow. */
  async function pending(flow: Flow): Promise<{ client: Client; email: string; code: string }> {
    const client = world.client(program);
    const email = flow === 'signup' ? world.newEmail() : (await world.account()).email;
    return { client, email, code: await codeFor(client, flow, email) };
  }

  describe.each(['signup', 'login'] as const)('%s-request refuses', (flow) => {
    const request = (email: string) => ['auth', `${flow}-request`, '--email', email];
    const someone = async () => (flow === 'signup' ? world.newEmail() : (await world.account()).email);

    // The command of this repository counts an empty value as a missing flag, and sends nothing.
    if (program === 'codika') {
      it('an empty address', () => expectAuthRefusal(world.client(program), request(''), 'EMAIL_REQUIRED'));
    }

    it('a malformed address', () =>
      expectAuthRefusal(world.client(program), request('nobody@'), 'EMAIL_INVALID'));

    it('a second code within 30 seconds, and says how long to wait', async () => {
      const client = world.client(program);
      const email = await someone();
      await codeFor(client, flow, email);
      await expectAuthRefusal(client, request(email), 'OTP_RESEND_COOLDOWN');
      const { body } = await client.json<{ error: { details: { retryInSeconds: number } } }>(request(email));
      expect(body.error.details.retryInSeconds).toBeGreaterThan(0);
      expect(body.error.details.retryInSeconds).toBeLessThanOrEqual(30);
      await world.letTimePass(31);
      await codeFor(client, flow, email);
    });

    it('the 21st code of an hour for one address', async () => {
      const client = world.client(program);
      const email = await someone();
      for (let asked = 1; asked <= 20; asked += 1) {
        const url = `${world.server.baseUrl}/v1/auth/${flow}/request`;
        dataOf(await call('otp.requestSignup', url, { email }));
        await world.letTimePass(31);
      }
      await expectAuthRefusal(client, request(email), 'EMAIL_RATE_LIMITED');
      await world.letTimePass(60 * 60);
      await codeFor(client, flow, email);
    });

    it('when its mail is refused, without a cooldown', async () => {
      const client = world.client(program);
      const email = await someone();
      refusedByMailServer.set(email, flow === 'signup' ? 550 : 451);
      await expectAuthRefusal(client, request(email), 'INTERNAL');
      refusedByMailServer.clear();
      await codeFor(client, flow, email);
    });
  });

  it('signup-request refuses an address that has an organization', async () => {
    const { email } = await world.account();
    const args = ['auth', 'signup-request', '--email', email];
    await expectAuthRefusal(world.client(program), args, 'USER_ALREADY_HAS_ORGANIZATION');
  });

  it('login-request refuses an address without an account and an account without an organization', async () => {
    const request = (email: string) => ['auth', 'login-request', '--email', email];
    await expectAuthRefusal(world.client(program), request(world.newEmail()), 'USER_NOT_FOUND');
    const { email } = await world.account({ organizations: [] });
    await expectAuthRefusal(world.client(program), request(email), 'USER_HAS_NO_ORGANIZATION');
  });

  describe.each(['signup', 'login'] as const)('%s-complete refuses', (flow) => {
    const other: Flow = flow === 'signup' ? 'login' : 'signup';

    it('a wrong code four times, counting down, and at the fifth deletes it', async () => {
      const { client, email, code } = await pending(flow);
      const guess = complete(flow, email, wrong(code));
      await expectAuthRefusal(client, guess, 'OTP_INVALID', { details: { attemptsRemaining: 4 } });
      await expectAuthRefusal(client, guess, 'OTP_INVALID', { details: { attemptsRemaining: 2 } });
      const fifth = await client.run(guess);
      expect(transcript(fifth.stderr)[0]).toMatch(/^✗ OTP_LOCKED_OUT /);
      await expectAuthRefusal(client, complete(flow, email, code), 'OTP_NOT_FOUND');
    });

    it('the fifth wrong code, in both forms of output', async () => {
      const lockedOut = async () => {
        const { email, code } = await pending(flow);
        const url = `${world.server.baseUrl}/v1/auth/${flow}/complete`;
        for (let guess = 1; guess <= 4; guess += 1)
          await call('otp.completeSignup', url, { email, code: wrong(code) });
        return complete(flow, email, wrong(code));
      };
      await expectAuthRefusal(world.client(program), lockedOut, 'OTP_LOCKED_OUT');
    });

    it('a code that is not 6 digits, without counting it', async () => {
      const { client, email, code } = await pending(flow);
      for (const malformed of ['12345', '1234567', 'abcdef'])
        await expectAuthRefusal(client, complete(flow, email, malformed), 'OTP_INVALID');
      expect((await client.run(complete(flow, email, code))).code).toBe(0);
    });

    it('a code for an address that has none', () =>
      expectAuthRefusal(world.client(program), complete(flow, world.newEmail(), '123456'), 'OTP_NOT_FOUND'));

    it('a code older than 10 minutes', async () => {
      const { client, email, code } = await pending(flow);
      await world.letTimePass(10 * 60 + 1);
      await expectAuthRefusal(client, complete(flow, email, code), 'OTP_EXPIRED');
    });

    it('a code that has been used', async () => {
      const { client, email, code } = await pending(flow);
      expect((await client.run(complete(flow, email, code))).code).toBe(0);
      await expectAuthRefusal(client, complete(flow, email, code), 'OTP_ALREADY_USED');
    });

    it('a code that was sent for the other flow', async () => {
      const { client, email, code } = await pending(other);
      await expectAuthRefusal(client, complete(flow, email, code), 'OTP_PURPOSE_MISMATCH');
      expect((await client.run(complete(other, email, code))).code).toBe(0);
    });

    it('an expiry outside of 1 to 365 days, and keeps the code', async () => {
      const { client, email, code } = await pending(flow);
      for (const days of program === 'codika' ? ['0', '366', 'soon'] : ['0', '366'])
        await expectAuthRefusal(
          client,
          complete(flow, email, code, '--key-expires-in', days),
          'INVALID_EXPIRES_IN_DAYS',
        );
      expect((await client.run(complete(flow, email, code, '--key-expires-in', '1'))).code).toBe(0);
    });

    it('a malformed address', () =>
      expectAuthRefusal(world.client(program), complete(flow, 'nobody', '123456'), 'EMAIL_INVALID'));
  });

  it('signup-complete refuses a name of 101 characters and keeps the code', async () => {
    const { client, email, code } = await pending('signup');
    const named = (length: number) => complete('signup', email, code, '--company', 'x'.repeat(length));
    await expectAuthRefusal(client, named(101), 'COMPANY_NAME_TOO_LONG');
    expect((await client.run(named(100))).code).toBe(0);
  });

  it('signup-complete refuses an address that got an organization in the meantime', async () => {
    const { email, personalKey } = await world.account({ organizations: [] });
    const client = world.client(program);
    const code = await codeFor(client, 'signup', email);
    const url = `${world.server.baseUrl}/v1/organizations`;
    dataOf(await call('organizations.create', url, { name: 'Faster' }, { key: personalKey }));
    await expectAuthRefusal(client, complete('signup', email, code), 'USER_ALREADY_HAS_ORGANIZATION');
  });

  it('login-complete lists the organizations to choose from, and keeps the code', async () => {
    const { email, organizations } = await world.account({ organizations: ['Acme', 'Beta Corp'] });
    const client = world.client(program);
    const code = await codeFor(client, 'login', email);
    const args = complete('login', email, code);
    const details = { organizations: expect.arrayContaining([...organizations]) };
    await expectAuthRefusal(client, args, 'MULTIPLE_ORGANIZATIONS', { details });
    const text = await client.run(args);
    for (const { id, name } of organizations) expect(text.stderr).toContain(`    ${id}  ${name}\n`);
    const notMine = complete('login', email, code, '--organization-id', 'xwk9CcT440Vupa8soIhY');
    await expectAuthRefusal(client, notMine, 'ORGANIZATION_NOT_MEMBER', { details });
    const mine = complete('login', email, code, '--organization-id', organizations[0]?.id ?? '');
    expect((await client.run(mine)).code).toBe(0);
  });

  it('login-complete refuses the 21st active key, and keeps the code for when one is revoked', async () => {
    const { email, personalKey, organizations } = await world.account();
    const url = `${world.server.baseUrl}/v1/organizations/${organizations[0]?.id}/keys`;
    const wanted = { name: 'CI', scopes: ['workflows:trigger'] };
    const mint = () => call('keys.createForOrganization', url, wanted, { key: personalKey });
    const minted = await Promise.all(Array.from({ length: 20 }, mint));
    const client = world.client(program);
    const code = await codeFor(client, 'login', email);
    await expectAuthRefusal(client, complete('login', email, code), 'MAX_API_KEYS_REACHED');
    const [first] = minted.map(dataOf);
    const revoke = `${world.server.baseUrl}/v1/keys/${first?.keyId}/revoke`;
    dataOf(await call('keys.revoke', revoke, undefined, { key: personalKey }));
    expect((await client.run(complete('login', email, code))).code).toBe(0);
  });

  it('login-complete refuses a person whose last organization went away after the request', async () => {
    const { email } = await world.account();
    const client = world.client(program);
    const code = await codeFor(client, 'login', email);
    const user = `(select id from users where email = '${email}')`;
    await world.database.change(`delete from memberships where user_id = ${user}`);
    await expectAuthRefusal(client, complete('login', email, code), 'USER_HAS_NO_ORGANIZATION');
  });

  it('signup-request refuses the 61st code of an hour from one network address', async () => {
    const { email } = await world.account();
    const url = `${world.server.baseUrl}/v1/auth/signup/request`;
    for (let asked = 1; asked <= 60; asked += 1)
      dataOf(await call('otp.requestSignup', url, { email: world.newEmail() }));
    const request = (flow: Flow, email: string) => ['auth', `${flow}-request`, '--email', email];
    await expectAuthRefusal(world.client(program), request('signup', world.newEmail()), 'IP_RATE_LIMITED');
    await expectAuthRefusal(world.client(program), request('login', email), 'IP_RATE_LIMITED');
    await world.letTimePass(60 * 60);
  });

  it('says that a server cannot be reached', async () => {
    const client = world.client(program);
    // Nothing listens on port 4, and it is not among the ports that fetch refuses by itself.
    const nowhere = { CODIKA_BASE_URL: 'http://127.0.0.1:4', LATCHKEY_BASE_URL: 'http://127.0.0.1:4' };
    const refused = await client.run(['auth', 'signup-request', '--email', 'a@example.test'], nowhere);
    expect(refused.code).toBe(1);
    expect(transcript(refused.stderr)[0]).toMatch(/^✗ network-error /);
  });
});
