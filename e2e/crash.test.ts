import { randomInt } from 'node:crypto';
import {
  describeEachEngine,
  type EmptyStore,
  type ServerProcess,
  type SmtpSink,
  startServer,
  startSmtpSink,
} from '@latchkey/testkit';
import { expect, it } from 'vitest';
import { expectAnEventForEachKey, expectUnbrokenChains } from './audit-chains.ts';
import { letTimePass, openDatabase } from './database.ts';
import { call, codeOf, dataOf } from './http-client.ts';

const callers = 8;
const mintsPerSignup = 2;

/** What the callers know at the moment of a crash. */
interface Ledger {
  /** Where their codes arrive. */
  readonly mail: SmtpSink;
  /** Keys whose answer arrived: the server has promised that they exist. */
  readonly acknowledged: Set<string>;
  /** Codes that were sent off and whose answer has not arrived, by address. */
  readonly unanswered: Map<string, string>;
  nextCaller: number;
  /** How many sign-ups a crash has caught unanswered. */
  caught: number;
}

/** Ends the server at the moment when so many keys of this round have been acknowledged. */
interface Trigger {
  remaining: number;
  pull(): void;
}

function randomAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

function acknowledge(key: string, ledger: Ledger, trigger: Trigger): void {
  ledger.acknowledged.add(key);
  trigger.remaining -= 1;
  if (trigger.remaining === 0) trigger.pull();
}

async function signUp(baseUrl: string, ledger: Ledger, trigger: Trigger) {
  const email = `caller-${ledger.nextCaller++}@example.test`;
  const from = { forwardedFor: randomAddress() };
  dataOf(await call('otp.requestSignup', `${baseUrl}/v1/auth/signup/request`, { email }, from));
  const code = await ledger.mail.codeFor(email);
  ledger.unanswered.set(email, code);
  const answer = await call(
    'otp.completeSignup',
    `${baseUrl}/v1/auth/signup/complete`,
    { email, code },
    from,
  );
  const { organizationId, apiKey } = dataOf(answer);
  ledger.unanswered.delete(email);
  acknowledge(apiKey.raw, ledger, trigger);
  return { organizationId, key: apiKey.raw };
}

/** Signs up and mints until the server is gone. Anything but a broken connection is a failure of the test. */
async function useUntilCrash(baseUrl: string, ledger: Ledger, trigger: Trigger): Promise<void> {
  try {
    while (true) {
      const { organizationId, key } = await signUp(baseUrl, ledger, trigger);
      const url = `${baseUrl}/v1/organizations/${organizationId}/keys`;
      for (let minted = 0; minted < mintsPerSignup; minted += 1) {
        const wanted = { name: 'CI', scopes: ['workflows:trigger'] };
        const answer = await call('keys.createForOrganization', url, wanted, { key });
        acknowledge(dataOf(answer).apiKey, ledger, trigger);
      }
    }
  } catch (error) {
    // Undici says this of every connection that broke, whether before or within the answer.
    if (!(error instanceof TypeError)) throw error;
  }
}

async function crash(server: ServerProcess, ledger: Ledger): Promise<void> {
  const gone = Promise.withResolvers<void>();
  const trigger: Trigger = {
    remaining: randomInt(1, 3 * callers),
    pull: () => void server.kill().then(gone.resolve, gone.reject),
  };
  await Promise.all(Array.from({ length: callers }, () => useUntilCrash(server.baseUrl, ledger, trigger)));
  await gone.promise;
}

async function expectToVerify(baseUrl: string, keys: Iterable<string>): Promise<void> {
  for (const key of keys) {
    const answer = await call('keys.whoami', `${baseUrl}/v1/whoami`, undefined, { key, method: 'GET' });
    expect(codeOf(answer)).toBeUndefined();
  }
}

/** An unanswered sign-up has happened wholly or not at all: its code works, or was used up by the whole of it. */
async function expectWholeOrNothing(baseUrl: string, ledger: Ledger): Promise<void> {
  ledger.caught += ledger.unanswered.size;
  for (const [email, code] of ledger.unanswered) {
    const url = `${baseUrl}/v1/auth/signup/complete`;
    const answer = await call('otp.completeSignup', url, { email, code });
    if (answer.body.success) ledger.acknowledged.add(answer.body.data.apiKey.raw);
    else expect(answer.body.error.code).toBe('OTP_ALREADY_USED');
  }
  ledger.unanswered.clear();
}

const unfinished = `
  select users.email from users
  where (select count(*) from memberships where memberships.user_id = users.id) <> 1
  union all
  select organizations.id from organizations
  where (select count(*) from memberships where memberships.organization_id = organizations.id
           and role = 'owner' and length(member_secret_sealed) > 0) <> 1
     or (select count(*) from api_keys where api_keys.organization_id = organizations.id) = 0
  union all
  select otp_challenges.email from otp_challenges
  where used_at is not null and not exists (select 1 from users where users.email = otp_challenges.email)`;

/** Also of what was told: the audit chains are whole, with an event for each change and for nothing else. */
async function expectNoHalfSignUp(store: EmptyStore): Promise<void> {
  const database = await openDatabase(store);
  try {
    expect(await database.rows(unfinished)).toEqual([]);
    await expectAnEventForEachKey(database, await expectUnbrokenChains(database));
  } finally {
    await database.close();
  }
}

/** Whoever has an account gets into exactly one organization. */
async function expectLogIn(
  server: ServerProcess,
  store: EmptyStore,
  mail: SmtpSink,
  people: number,
): Promise<void> {
  const database = await openDatabase(store);
  await letTimePass(database, 60);
  const users = await database.rows<{ email: string }>(`select email from users order by id limit ${people}`);
  await database.close();
  expect(users).toHaveLength(people);
  for (const { email } of users) {
    const from = { forwardedFor: randomAddress() };
    dataOf(await call('otp.requestLogin', `${server.baseUrl}/v1/auth/login/request`, { email }, from));
    const code = await mail.codeFor(email);
    const url = `${server.baseUrl}/v1/auth/login/complete`;
    const { apiKey } = dataOf(await call('otp.completeLogin', url, { email, code }, from));
    await expectToVerify(server.baseUrl, [apiKey.raw]);
  }
}

async function crashRounds(store: EmptyStore, rounds: number): Promise<void> {
  const mail = await startSmtpSink();
  const ledger: Ledger = { mail, acknowledged: new Set(), unanswered: new Map(), nextCaller: 1, caught: 0 };
  const start = () => startServer({ ...store, smtp: mail, env: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' } });
  let server = await start();
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const before = new Set(ledger.acknowledged);
      await crash(server, ledger);
      server = await start();
      await expectNoHalfSignUp(store);
      const fresh = [...ledger.acknowledged].filter((key) => !before.has(key));
      await expectToVerify(server.baseUrl, fresh);
      await expectWholeOrNothing(server.baseUrl, ledger);
    }
    expect(ledger.acknowledged.size).toBeGreaterThanOrEqual(rounds);
    // Otherwise the crashes came between sign-ups and have proved nothing.
    expect(ledger.caught).toBeGreaterThan(rounds / 4);
    await expectNoHalfSignUp(store);
    await expectToVerify(server.baseUrl, ledger.acknowledged);
    await expectLogIn(server, store, mail, 5);
    expect(await server.stop()).toBe(0);
  } finally {
    await server.kill();
    await mail.close();
  }
}

describeEachEngine('a server that is killed in the middle of sign-ups and mints', (open, engine) => {
  const rounds = engine === 'sqlite' ? 50 : 15;
  it(`has every acknowledged key, no half sign-up and whole audit chains after each of ${rounds} restarts`, async () => {
    await crashRounds(await open(), rounds);
  }, 300_000);
});
