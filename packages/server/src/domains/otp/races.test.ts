import { createByOperator, createDeps, createLogger, type Deps, readSettings } from '@latchkey/server';
import {
  describeEachEngine,
  type EmptyStore,
  startServer,
  startSmtpSink,
  startTestApp,
} from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Callable,
  codePaths,
  complete,
  freshAddress,
  outcomes,
  overHttp,
  requestCode,
  together,
  wrongCode,
} from '../calls-for-tests.ts';
import {
  addMember,
  addOrganizations,
  addUser,
  countRows,
  membershipsOf,
  setRollingCount,
} from '../rows-for-tests.sql.ts';
import { wrongCodesPerEmail } from './otp.rules.ts';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: races look into answers of several operations
  readonly body: any;
}

/** One database, and the servers that share it; callers are spread over them. */
interface Place {
  readonly servers: readonly Callable<Answer>[];
  /** On the same database, beside the servers. */
  readonly deps: Deps;
  codesFor(email: string): Promise<string[]>;
  close(): Promise<void>;
}

async function oneServer(store: EmptyStore): Promise<Place> {
  const app = await startTestApp(store);
  const mailbox = app.deps.localMailbox;
  return {
    servers: [app],
    deps: app.deps,
    codesFor: async (email) => (mailbox?.messagesFor(email) ?? []).map(({ code }) => code ?? ''),
    close: () => app.close(),
  };
}

/** Processes of their own, as servers are that share a database. */
async function twoServers({ dataDir, databaseUrl }: EmptyStore): Promise<Place> {
  const mail = await startSmtpSink();
  const options = { dataDir, databaseUrl, smtp: mail, env: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' } };
  const processes = [await startServer(options), await startServer(options)];
  const env = databaseUrl === undefined ? {} : { LATCHKEY_DATABASE_URL: databaseUrl };
  const deps = await createDeps(readSettings(env, { dataDir }), { log: createLogger('silent') });
  const servers: Callable<Answer>[] = processes.map(({ baseUrl }) => overHttp(baseUrl));
  return {
    servers,
    deps,
    async codesFor(email) {
      const messages = mail.messages.filter(({ to }) => to.includes(email));
      return messages.map(({ subject }) => /\b\d{6}\b/.exec(subject)?.[0] ?? '').reverse();
    },
    async close() {
      await deps.close();
      await Promise.all(processes.map((each) => each.stop()));
      await mail.close();
    },
  };
}

describe.each([
  ['one server', oneServer],
  ['two servers', twoServers],
] as const)('64 callers of %s', (_name, openPlace) => {
  describeEachEngine('racing for codes', (open) => {
    let place: Place;
    beforeAll(async () => {
      place = await openPlace(await open());
    });
    afterAll(() => place.close());

    function serverOf(index: number): Callable<Answer> {
      const server = place.servers[index % place.servers.length];
      if (server === undefined) throw new Error('no server');
      return server;
    }

    async function codeFor(purpose: 'signup' | 'login', email: string): Promise<string> {
      const answer = await requestCode(serverOf(0), purpose, email);
      const [code] = await place.codesFor(email);
      if (code === undefined) throw new Error(JSON.stringify(answer.body));
      return code;
    }

    it('make one mail of 64 requests for one email', async () => {
      const email = 'mail@example.com';
      const answers = await together((index) => requestCode(serverOf(index), 'signup', email));
      expect(outcomes(answers)).toEqual({ OK: 1, OTP_RESEND_COOLDOWN: 63 });
      expect(await place.codesFor(email)).toHaveLength(1);
    });

    it('get 60 requests through from one network address', async () => {
      const from = freshAddress();
      const path = codePaths.request.login[0];
      const answers = await together((index) =>
        serverOf(index).call(path, { body: { email: `nobody${index}@example.com` }, from }),
      );
      expect(outcomes(answers)).toEqual({ USER_NOT_FOUND: 60, IP_RATE_LIMITED: 4 });
    });

    it('make one organization with one sign-up code', async () => {
      const email = 'signup@example.com';
      const code = await codeFor('signup', email);
      const keys = await countRows(place.deps.store, 'api_keys');
      const answers = await together((index) =>
        complete(serverOf(index), 'signup', { email, code, company: { name: `Number ${index}` } }),
      );
      expect(outcomes(answers)).toEqual({ OK: 1, OTP_ALREADY_USED: 63 });
      expect(await membershipsOf(place.deps.store, email)).toHaveLength(1);
      expect(await countRows(place.deps.store, 'api_keys')).toBe(keys + 1);
    });

    it('get one key for one log-in code', async () => {
      const email = 'login@example.com';
      const [organizationId] = await newOwner(email);
      const code = await codeFor('login', email);
      const keys = await countRows(place.deps.store, 'api_keys');
      const answers = await together((index) =>
        complete(serverOf(index), 'login', { email, code, organizationId }),
      );
      expect(outcomes(answers)).toEqual({ OK: 1, OTP_ALREADY_USED: 63 });
      expect(await countRows(place.deps.store, 'api_keys')).toBe(keys + 1);
    });

    it('have five wrong codes looked at, each once', async () => {
      const email = 'wrong@example.com';
      const code = await codeFor('signup', email);
      const answers = await together((index) =>
        complete(serverOf(index), 'signup', { email, code: wrongCode(code, index + 1) }),
      );
      expect(outcomes(answers)).toEqual({ OTP_INVALID: 4, OTP_LOCKED_OUT: 1, OTP_NOT_FOUND: 59 });
      const remaining = answers.map(({ body }) => body.error.details?.attemptsRemaining);
      expect(remaining.filter((each) => each !== undefined).sort()).toEqual([1, 2, 3, 4]);
    });

    it.each([0, 6, 32, 63])('find the right code at place %i only within five attempts', async (rightAt) => {
      const email = `guess${rightAt}@example.com`;
      const code = await codeFor('signup', email);
      const answers = await together((index) =>
        complete(serverOf(index), 'signup', {
          email,
          code: index === rightAt ? code : wrongCode(code, index + 1),
        }),
      );
      const { OK = 0, OTP_INVALID = 0, OTP_LOCKED_OUT = 0, ...rest } = outcomes(answers);
      if (OK === 0) expect({ OTP_INVALID, OTP_LOCKED_OUT }).toEqual({ OTP_INVALID: 4, OTP_LOCKED_OUT: 1 });
      else expect([OK, OTP_LOCKED_OUT, OTP_INVALID < 5]).toEqual([1, 0, true]);
      const unlooked = OK === 0 ? 'OTP_NOT_FOUND' : 'OTP_ALREADY_USED';
      expect(rest).toEqual({ [unlooked]: 64 - OK - OTP_INVALID - OTP_LOCKED_OUT });
      expect(await membershipsOf(place.deps.store, email)).toHaveLength(OK);
    });

    it.each([0, 32, 63])('find the right code at place %i not beyond the 100 of a day', async (rightAt) => {
      const email = `day${rightAt}@example.com`;
      const code = await codeFor('signup', email);
      await setRollingCount(place.deps.store, wrongCodesPerEmail(email).name, 99, place.deps.clock.now());
      const answers = await together((index) =>
        complete(serverOf(index), 'signup', {
          email,
          code: index === rightAt ? code : wrongCode(code, index + 1),
        }),
      );
      const { OK = 0, OTP_INVALID = 0, ...rest } = outcomes(answers);
      expect(OK + OTP_INVALID).toBe(1);
      expect(rest).toEqual({ [OK === 0 ? 'EMAIL_RATE_LIMITED' : 'OTP_ALREADY_USED']: 63 });
    });

    it('log in to an organization with 19 of 20 keys once', async () => {
      const [organizationId = ''] = await newOwner('nineteen@example.com');
      const admin = { family: 'admin', name: 'Operator', scopes: ['api-keys:manage'] } as const;
      const { apiKey: key } = await createByOperator(place.deps, admin);
      for (let count = 0; count < 19; count += 1) {
        const body = { name: `${count}`, scopes: ['projects:read'] };
        await serverOf(count).call(`/v1/organizations/${organizationId}/keys`, { key, body });
      }
      const emails = Array.from({ length: 64 }, (_, index) => `member${index}@example.com`);
      for (const email of emails) await addMember(place.deps.store, organizationId, email, 'developer');
      const codes = await Promise.all(emails.map((email) => codeFor('login', email)));
      const answers = await together((index) =>
        complete(serverOf(index), 'login', { email: emails[index], code: codes[index], organizationId }),
      );
      expect(outcomes(answers)).toEqual({ OK: 1, MAX_API_KEYS_REACHED: 63 });
    });

    async function newOwner(email: string): Promise<string[]> {
      await addUser(place.deps.store, email);
      return addOrganizations(place.deps.store, email, 1);
    }
  });
});
