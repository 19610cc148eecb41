import { defaultScopes } from '@latchkey/protocol';
import { createTestClock, describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codePaths, complete, freshAddress, refusal, requestCode, wrongCode } from '../calls-for-tests.ts';
import {
  addOrganizations,
  addUser,
  countRows,
  membershipsOf,
  organizationRow,
  removeMember,
  tableText,
} from '../rows-for-tests.sql.ts';

const day = 86_400_000;

describeEachEngine('completing a sign-up', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  /** Requests a code and reads the mail. */
  async function codeFor(email: string): Promise<string> {
    expect((await requestCode(app, 'signup', email)).status).toBe(200);
    return app.codeFor(email);
  }
  const finish = (body: object) => complete(app, 'signup', body);

  describe.each(codePaths.complete.signup)('at %s', (path) => {
    const own = (name: string) => `${name}@signup${path.length}.example`;

    it('answers exactly the published shape, with the ten scopes in their order', async () => {
      const email = own('ann');
      const answer = await app.call(path, { body: { email, code: await codeFor(email) } });
      expect(answer.status).toBe(200);
      const createdAt = new Date(app.clock.now()).toISOString();
      expect(answer.body).toEqual({
        success: true,
        data: {
          organizationId: expect.stringMatching(/^[A-Za-z0-9]{20}$/),
          organizationName: 'My Organization',
          isNewUser: true,
          apiKey: {
            keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            raw: expect.stringMatching(/^cko_[0-9A-Za-z]{49}$/),
            keyPrefix: answer.body.data.apiKey.raw.slice(0, 12),
            name: 'CLI default key',
            scopes: [
              'deploy:use-case',
              'projects:create',
              'workflows:trigger',
              'executions:read',
              'instances:read',
              'instances:manage',
              'skills:read',
              'integrations:manage',
              'api-keys:manage',
              'projects:read',
            ],
            createdAt,
          },
        },
        requestId: expect.any(String),
      });
    });

    it('takes the names, the description and the expiry that are given', async () => {
      const email = own('bob');
      const answer = await app.call(path, {
        body: {
          email,
          code: await codeFor(email),
          company: { name: '  Acme  ', description: 'Two\nlines' },
          apiKey: { name: 'Laptop', expiresInDays: 30 },
        },
      });
      const { organizationId, organizationName, apiKey } = answer.body.data;
      expect([organizationName, apiKey.name]).toEqual(['Acme', 'Laptop']);
      expect(apiKey.expiresAt).toBe(new Date(app.clock.now() + 30 * day).toISOString());
      const row = await organizationRow(app.deps.store, organizationId);
      expect(row).toMatchObject({ name: 'Acme', description: 'Two\nlines' });
    });

    it.each([
      [{}, 'EMAIL_REQUIRED'],
      [{ code: '123456' }, 'EMAIL_REQUIRED'],
      [{ email: '', code: '123456' }, 'EMAIL_REQUIRED'],
      [{ email: 'ann', code: '123456' }, 'EMAIL_INVALID'],
      [{ email: 'ann@example.com' }, 'OTP_INVALID'],
      [{ email: 'ann@example.com', code: null }, 'OTP_INVALID'],
    ])('refuses %j, first of all, as %s', async (body, code) => {
      expect(refusal(await app.call(path, { body }))).toEqual({ status: 400, code });
    });

    it.each([
      '',
      '12345',
      '1234567',
      'abcdef',
      ' 123456',
      '12 345',
      '１２３４５６',
      '-12345',
      '1e5000',
    ])('refuses the malformed code %j without counting an attempt', async (code) => {
      const email = own(`malformed${Buffer.from(code).toString('hex')}`);
      const right = await codeFor(email);
      for (let tried = 0; tried < 6; tried += 1) {
        const answer = await app.call(path, { body: { email, code } });
        expect(refusal(answer)).toEqual({ status: 400, code: 'OTP_INVALID' });
      }
      const answer = await app.call(path, { body: { email, code: wrongCode(right) } });
      expect(refusal(answer).details).toEqual({ attemptsRemaining: 4 });
    });

    it('refuses a code that is sent as a number', async () => {
      const email = own('number');
      const code = Number(await codeFor(email));
      expect(refusal(await app.call(path, { body: { email, code } }))).toEqual({
        status: 400,
        code: 'OTP_INVALID',
      });
    });
  });

  it('signs up a person whom it can name afterwards', async () => {
    const { organizationId, apiKey } = await app.signUp('whose@example.com', 'Theirs');
    const me = await app.call('/v1/whoami', { key: apiKey.raw });
    expect(me.body.data).toMatchObject({ type: 'org-api-key', organizationId, organizationName: 'Theirs' });
  });

  it('makes the person the owner, with a sealed member secret', async () => {
    const { organizationId } = await app.signUp('owner@example.com');
    const memberships = await membershipsOf(app.deps.store, 'owner@example.com');
    expect(memberships).toHaveLength(1);
    expect(memberships[0]).toMatchObject({ organization_id: organizationId, role: 'owner' });
    expect(memberships[0]?.member_secret_sealed.length).toBeGreaterThan(40);
  });

  it('says isNewUser false for an account that existed without an organization', async () => {
    await addUser(app.deps.store, 'known@example.com');
    expect((await app.signUp('known@example.com')).isNewUser).toBe(false);

    await app.signUp('again@example.com');
    await removeMember(app.deps.store, 'again@example.com');
    app.clock.advance(30_000);
    expect((await app.signUp('again@example.com')).isNewUser).toBe(false);
  });

  it('takes the address in any spelling', async () => {
    const code = await codeFor('spelt@example.com');
    expect((await finish({ email: ' SPELT@Example.COM', code })).status).toBe(200);
  });

  it('keeps the secret of the key nowhere', async () => {
    const { apiKey } = await app.signUp('secret@example.com');
    const rows = await tableText(app.deps.store, 'api_keys');
    expect(rows).toContain(apiKey.keyId);
    expect(rows).not.toContain(apiKey.raw.slice(12));
  });

  describe('a wrong code', () => {
    it('counts down 4, 3, 2, 1, then locks out and deletes the code, then finds nothing', async () => {
      const email = 'wrong@example.com';
      const code = await codeFor(email);
      for (const attemptsRemaining of [4, 3, 2, 1]) {
        const answer = await finish({ email, code: wrongCode(code, attemptsRemaining) });
        expect(refusal(answer)).toEqual({
          status: 400,
          code: 'OTP_INVALID',
          details: { attemptsRemaining },
        });
      }
      const locked = await finish({ email, code: wrongCode(code) });
      expect(refusal(locked)).toEqual({ status: 429, code: 'OTP_LOCKED_OUT' });
      expect(locked.body.error.nextAction).toContain('signup-request');
      const gone = await finish({ email, code });
      expect(refusal(gone)).toEqual({ status: 404, code: 'OTP_NOT_FOUND' });
      expect(gone.body.error.nextAction).toContain('signup-request');
    });

    it('counts again when it is repeated', async () => {
      const email = 'repeated@example.com';
      const code = wrongCode(await codeFor(email));
      await finish({ email, code });
      expect(refusal(await finish({ email, code })).details).toEqual({ attemptsRemaining: 3 });
    });

    it('leaves the right one good up to the fifth attempt', async () => {
      const email = 'fifth@example.com';
      const code = await codeFor(email);
      for (let by = 1; by <= 4; by += 1) await finish({ email, code: wrongCode(code, by) });
      expect((await finish({ email, code })).status).toBe(200);
    });

    it('of one person counts against nobody else', async () => {
      const code = await codeFor('one@example.com');
      await codeFor('other@example.com');
      for (let by = 1; by <= 5; by += 1)
        await finish({ email: 'one@example.com', code: wrongCode(code, by) });
      const body = { email: 'other@example.com', code: app.codeFor('other@example.com') };
      expect((await finish(body)).status).toBe(200);
    });
  });

  describe('the life of 10 minutes', () => {
    it.each([
      [-1, 200],
      [0, 410],
      [1, 410],
      [day - 600_000, 410],
    ])('ends on time: %i ms from its end answers %i', async (fromEndMs, status) => {
      const email = `life${fromEndMs}@example.com`;
      const code = await codeFor(email);
      app.clock.advance(600_000 + fromEndMs);
      const answer = await finish({ email, code });
      expect(answer.status).toBe(status);
      if (status === 410) expect(refusal(answer).code).toBe('OTP_EXPIRED');
    });

    it('is not prolonged by attempts', async () => {
      const email = 'prolonged@example.com';
      const code = await codeFor(email);
      app.clock.advance(599_999);
      await finish({ email, code: wrongCode(code) });
      app.clock.advance(1);
      expect(refusal(await finish({ email, code })).code).toBe('OTP_EXPIRED');
    });
  });

  describe('the order of checks', () => {
    it('not found comes first', async () => {
      const body = { email: 'none@example.com', code: '000000', company: { name: 'x'.repeat(101) } };
      expect(refusal(await finish(body))).toEqual({ status: 404, code: 'OTP_NOT_FOUND' });
    });

    it('used comes before expired, wrong and the purpose', async () => {
      const email = 'used@example.com';
      await app.signUp(email);
      const code = app.codeFor(email);
      const used = { status: 409, code: 'OTP_ALREADY_USED' };
      expect(refusal(await finish({ email, code }))).toEqual(used);
      expect(refusal(await finish({ email, code: wrongCode(code) }))).toEqual(used);
      expect(refusal(await complete(app, 'login', { email, code }))).toEqual(used);
      app.clock.advance(600_000);
      expect(refusal(await finish({ email, code }))).toEqual(used);
    });

    it('expired comes before the purpose and wrong', async () => {
      const email = 'expired@example.com';
      const code = await codeFor(email);
      app.clock.advance(600_000);
      expect(refusal(await complete(app, 'login', { email, code })).code).toBe('OTP_EXPIRED');
      expect(refusal(await finish({ email, code: wrongCode(code) })).code).toBe('OTP_EXPIRED');
    });

    it('the purpose comes before wrong, and takes no attempt', async () => {
      const email = 'purpose@example.com';
      const code = await codeFor(email);
      for (let tried = 0; tried < 6; tried += 1) {
        const answer = await complete(app, 'login', { email, code: wrongCode(code) });
        expect(refusal(answer)).toEqual({ status: 409, code: 'OTP_PURPOSE_MISMATCH' });
        expect(answer.body.error.nextAction).toContain('login-request');
      }
      expect((await finish({ email, code })).status).toBe(200);
    });

    it('wrong comes before what else is not right, and counts', async () => {
      const email = 'wrong-first@example.com';
      const code = await codeFor(email);
      const rest = { company: { name: 'x'.repeat(101) }, apiKey: { expiresInDays: 0 } };
      const answer = await finish({ email, code: wrongCode(code), ...rest });
      expect(refusal(answer)).toEqual({
        status: 400,
        code: 'OTP_INVALID',
        details: { attemptsRemaining: 4 },
      });
      expect(refusal(await finish({ email, code, ...rest })).code).toBe('COMPANY_NAME_TOO_LONG');
    });
  });

  describe('what does not use the code up', () => {
    it.each([
      ['a name of 101 characters', { company: { name: 'x'.repeat(101) } }, 'COMPANY_NAME_TOO_LONG'],
      ['a name of 9000 characters', { company: { name: 'x'.repeat(9000) } }, 'COMPANY_NAME_TOO_LONG'],
      ['an empty key name', { apiKey: { name: '' } }, 'INVALID_REQUEST'],
      ['an unknown field', { company: { size: '2-10' } }, 'INVALID_REQUEST'],
      ['no days', { apiKey: { expiresInDays: 0 } }, 'INVALID_EXPIRES_IN_DAYS'],
      ['366 days', { apiKey: { expiresInDays: 366 } }, 'INVALID_EXPIRES_IN_DAYS'],
      ['1.5 days', { apiKey: { expiresInDays: 1.5 } }, 'INVALID_EXPIRES_IN_DAYS'],
      ['-1 days', { apiKey: { expiresInDays: -1 } }, 'INVALID_EXPIRES_IN_DAYS'],
      ['days as text', { apiKey: { expiresInDays: '30' } }, 'INVALID_EXPIRES_IN_DAYS'],
      ['null days', { apiKey: { expiresInDays: null } }, 'INVALID_EXPIRES_IN_DAYS'],
    ])('%s', async (what, rest, code) => {
      const email = `${what.replace(/[^a-z0-9]+/g, '-').replace(/^-/, '')}@kept.example`;
      const body = { email, code: await codeFor(email) };
      expect(refusal(await finish({ ...body, ...rest }))).toMatchObject({ status: 400, code });
      expect(await membershipsOf(app.deps.store, email)).toEqual([]);
      expect((await finish(body)).status).toBe(200);
    });

    it('a lost race with another sign-up', async () => {
      const email = 'raced@example.com';
      const body = { email, code: await codeFor(email) };
      await addUser(app.deps.store, email);
      await addOrganizations(app.deps.store, email, 1);
      const answer = await finish(body);
      expect(refusal(answer)).toEqual({ status: 409, code: 'USER_ALREADY_HAS_ORGANIZATION' });
      expect(answer.body.error.nextAction).toContain('login-request');
      await removeMember(app.deps.store, email);
      expect((await finish(body)).status).toBe(200);
    });
  });

  it.each([
    [1, 1],
    [365, 365],
  ])('accepts an expiry of %i days', async (expiresInDays, days) => {
    const email = `days${days}@example.com`;
    const answer = await finish({ email, code: await codeFor(email), apiKey: { expiresInDays } });
    const { createdAt, expiresAt } = answer.body.data.apiKey;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(days * day);
  });

  it.each([
    ['x', 'x'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['', 'My Organization'],
    ['  ', 'My Organization'],
  ])('takes %j for the name %s', async (name, kept) => {
    const email = `named-${name.length}@example.com`;
    const answer = await finish({ email, code: await codeFor(email), company: { name } });
    expect(answer.body.data.organizationName).toBe(kept);
  });
});

describeEachEngine('at most 100 wrong codes per email and day', (open) => {
  const email = 'ann@example.com';

  /** Requests a code whenever the limits allow it. */
  async function nextCode(app: TestApp): Promise<string> {
    app.clock.advance(180_000);
    const answer = await requestCode(app, 'signup', email);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return app.codeFor(email);
  }

  async function guess(app: TestApp, code: string, times: number): Promise<string[]> {
    const answers: string[] = [];
    for (let by = 1; by <= times; by += 1) {
      answers.push(refusal(await complete(app, 'signup', { email, code: wrongCode(code, by) })).code);
    }
    return answers;
  }

  it('holds across codes and a restart, for a right code too, and opens a day after the first', async () => {
    const store = await open();
    const clock = createTestClock();
    let app = await startTestApp(store, { clock });
    const firstAt = clock.now() + 180_000;
    for (let codes = 0; codes < 19; codes += 1) {
      expect((await guess(app, await nextCode(app), 5)).at(-1)).toBe('OTP_LOCKED_OUT');
    }
    expect(await guess(app, await nextCode(app), 4)).toEqual(Array(4).fill('OTP_INVALID'));
    const code = await nextCode(app);
    expect(await guess(app, code, 2)).toEqual(['OTP_INVALID', 'EMAIL_RATE_LIMITED']);

    await app.close();
    app = await startTestApp(store, { clock });
    const retryInSeconds = (firstAt + day - clock.now()) / 1000;
    const limited = { status: 429, code: 'EMAIL_RATE_LIMITED', details: { retryInSeconds } };
    expect(refusal(await complete(app, 'signup', { email, code }))).toEqual(limited);
    expect(refusal(await complete(app, 'login', { email, code })).code).toBe('OTP_PURPOSE_MISMATCH');
    clock.advance(30_000);
    const request = await requestCode(app, 'signup', email);
    expect(refusal(request)).toMatchObject({ details: { retryInSeconds: retryInSeconds - 30 } });
    expect(request.headers['retry-after']).toBe(String(retryInSeconds - 30));

    clock.advance(firstAt + day - clock.now() - 1);
    expect(refusal(await requestCode(app, 'signup', email)).details).toEqual({ retryInSeconds: 1 });
    clock.advance(1);
    expect((await requestCode(app, 'signup', email)).status).toBe(200);
    const again = { email, code: app.codeFor(email) };
    expect((await complete(app, 'signup', again)).status).toBe(200);
    await app.close();
  });

  it('holds for any 24 hours: one wrong code, then 99 a day later, leave one', async () => {
    const app = await startTestApp(await open());
    expect(await guess(app, await nextCode(app), 1)).toEqual(['OTP_INVALID']);
    const firstAt = app.clock.now();
    app.clock.advance(day - 3_700_000);
    for (let codes = 0; codes < 19; codes += 1) await guess(app, await nextCode(app), 5);
    expect((await guess(app, await nextCode(app), 4)).at(-1)).toBe('OTP_INVALID');
    expect(app.clock.now()).toBeLessThan(firstAt + day);
    app.clock.advance(firstAt + day - app.clock.now());
    expect(await guess(app, await nextCode(app), 2)).toEqual(['OTP_INVALID', 'EMAIL_RATE_LIMITED']);
    await app.close();
  });
});

describeEachEngine('a sign-up whose provisioning fails', (open) => {
  it('undoes everything, keeps nothing and leaves the code good', async () => {
    const calls: string[] = [];
    let broken = true;
    const provisioner = (name: string, fails: () => boolean) => ({
      name,
      async provision() {
        calls.push(`make ${name}`);
        if (fails()) throw new Error('the engine said: password hunter2 is wrong');
      },
      async undo() {
        calls.push(`undo ${name}`);
      },
    });
    const provisioners = [provisioner('first', () => false), provisioner('second', () => broken)];
    const app = await startTestApp(await open(), { provisioners });
    const email = 'ann@example.com';
    await requestCode(app, 'signup', email, freshAddress());
    const body = { email, code: app.codeFor(email) };

    const answer = await complete(app, 'signup', body);
    expect(refusal(answer)).toEqual({ status: 500, code: 'ORGANIZATION_CREATION_FAILED' });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    expect(calls).toEqual(['make first', 'make second', 'undo second', 'undo first']);
    for (const table of ['users', 'organizations', 'memberships', 'api_keys'] as const) {
      expect(await countRows(app.deps.store, table)).toBe(0);
    }

    broken = false;
    const retried = await complete(app, 'signup', body);
    expect(retried.body.data.apiKey.scopes).toEqual(defaultScopes);
    expect(retried.body.data.isNewUser).toBe(true);
    expect(calls.slice(4)).toEqual(['make first', 'make second']);
    await app.close();
  });
});
