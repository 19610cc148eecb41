import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { obtainKey, type Person } from './agent-recipe.ts';
import { call, dataOf } from './http-client.ts';
import { startWorld, type World } from './world.ts';

const noOrganization = { organizations: [] };
const two = { organizations: ['Acme', 'Beta Corp'] };

describeEachEngine('the recipe for agents', (open) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(await open());
  });
  afterAll(() => world.close());

  /** Reads real mail, and waits by making what is stored older. */
  function personAt(email: string, overrides: Partial<Person> = {}): Person {
    return {
      readCode: () => world.mail.codeFor(email),
      pick() {
        throw new Error('there was nothing to pick');
      },
      wait: (seconds) => world.letTimePass(seconds),
      ...overrides,
    };
  }

  describe.each(['codika', 'latchkey'] as const)('run with %s', (name) => {
    it('signs a new address up', async () => {
      const client = world.client(name);
      const email = world.newEmail();
      const result = await obtainKey(client, email, personAt(email));
      expect(result).toEqual({
        steps: ['signup-request', 'signup-complete'],
        organizationName: 'My Organization',
      });
      expect((await client.json(['whoami'])).body).toMatchObject({ organizationName: 'My Organization' });
    });

    it('logs in where the sign-up request says that there is an organization', async () => {
      const client = world.client(name);
      const { email } = await world.account();
      const result = await obtainKey(client, email, personAt(email));
      expect(result).toEqual({
        steps: ['signup-request USER_ALREADY_HAS_ORGANIZATION', 'login-request', 'login-complete'],
        organizationName: 'Acme',
      });
      expect((await client.json(['whoami'])).body).toMatchObject({ organizationName: 'Acme' });
    });

    it('logs in where another sign-up was faster, after the cooldown that the server asks for', async () => {
      const { email, personalKey } = await world.account(noOrganization);
      const person = personAt(email, {
        async readCode() {
          const code = await world.mail.codeFor(email);
          const url = `${world.server.baseUrl}/v1/organizations`;
          const isFirst = world.mail.messages.filter((message) => message.to.includes(email)).length === 2;
          if (isFirst)
            dataOf(await call('organizations.create', url, { name: 'Faster' }, { key: personalKey }));
          return code;
        },
      });
      expect(await obtainKey(world.client(name), email, person)).toEqual({
        steps: [
          'signup-request',
          'signup-complete USER_ALREADY_HAS_ORGANIZATION',
          'login-request OTP_RESEND_COOLDOWN',
          'login-request',
          'login-complete',
        ],
        organizationName: 'Faster',
      });
    });

    it('signs up where the log-in finds no account', async () => {
      const email = world.newEmail();
      const result = await obtainKey(world.client(name), email, personAt(email), 'login-request');
      expect(result).toEqual({
        steps: ['login-request USER_NOT_FOUND', 'signup-request', 'signup-complete'],
        organizationName: 'My Organization',
      });
    });

    it('signs up where the log-in finds an account without an organization', async () => {
      const { email } = await world.account(noOrganization);
      const result = await obtainKey(world.client(name), email, personAt(email), 'login-request');
      expect(result).toEqual({
        steps: ['login-request USER_HAS_NO_ORGANIZATION', 'signup-request', 'signup-complete'],
        organizationName: 'My Organization',
      });
    });

    it('lets the person pick among several organizations, and redeems the same code', async () => {
      const { email } = await world.account(two);
      const pick: Person['pick'] = (among) => among.find((each) => each.name === 'Beta Corp')?.id ?? 'none';
      const result = await obtainKey(world.client(name), email, personAt(email, { pick }));
      expect(result).toEqual({
        steps: [
          'signup-request USER_ALREADY_HAS_ORGANIZATION',
          'login-request',
          'login-complete MULTIPLE_ORGANIZATIONS',
          'login-complete',
        ],
        organizationName: 'Beta Corp',
      });
    });

    it('lets the person pick again after picking what is not theirs', async () => {
      const { email } = await world.account(two);
      const picks = ['xwk9CcT440Vupa8soIhY'];
      const pick: Person['pick'] = (among) => picks.pop() ?? among[0]?.id ?? 'none';
      const result = await obtainKey(world.client(name), email, personAt(email, { pick }), 'login-request');
      expect(result.steps).toEqual([
        'login-request',
        'login-complete MULTIPLE_ORGANIZATIONS',
        'login-complete ORGANIZATION_NOT_MEMBER',
        'login-complete',
      ]);
      expect(['Acme', 'Beta Corp']).toContain(result.organizationName);
    });

    it('asks for the code again after a mistype', async () => {
      const email = world.newEmail();
      let right = '';
      const person = personAt(email, {
        async readCode() {
          if (right !== '') return right;
          right = await world.mail.codeFor(email);
          return right === '000000' ? '000001' : '000000';
        },
      });
      expect((await obtainKey(world.client(name), email, person)).steps).toEqual([
        'signup-request',
        'signup-complete OTP_INVALID',
        'signup-complete',
      ]);
    });

    it('requests a new code when the first has expired', async () => {
      const email = world.newEmail();
      let isFirst = true;
      const person = personAt(email, {
        async readCode() {
          const code = await world.mail.codeFor(email);
          if (isFirst) await world.letTimePass(10 * 60 + 1);
          isFirst = false;
          return code;
        },
      });
      expect((await obtainKey(world.client(name), email, person)).steps).toEqual([
        'signup-request',
        'signup-complete OTP_EXPIRED',
        'signup-request',
        'signup-complete',
      ]);
    });

    it('surfaces an error that it cannot help with, and stops', async () => {
      const result = await obtainKey(world.client(name), 'nobody', personAt('nobody'));
      expect(result).toEqual({ steps: ['signup-request EMAIL_INVALID'], organizationName: undefined });
    });
  });
});
