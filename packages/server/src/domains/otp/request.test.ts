import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codePaths, complete, freshAddress, refusal, requestCode } from '../calls-for-tests.ts';
import { addMember, addUser, removeMember } from '../rows-for-tests.sql.ts';

const second = 1000;
const hour = 3_600_000;

/** Signs up, and waits until a new code may be requested. */
async function account(app: TestApp, email: string) {
  const { organizationId } = await app.signUp(email);
  app.clock.advance(30 * second);
  return organizationId;
}

describeEachEngine('requesting a code', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  describe.each(codePaths.request.signup)('for a sign-up at %s', (path) => {
    const ask = (body: unknown) => app.call(path, { body, from: freshAddress() });
    const own = (name: string) => `${name}@signup${path.length}.example`;

    it('mails six digits and answers the address and their life', async () => {
      const email = own('ann');
      const answer = await ask({ email });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        success: true,
        data: { email, expiresInSeconds: 600 },
        requestId: answer.headers['x-request-id'],
      });
      expect(app.codeFor(email)).toMatch(/^[0-9]{6}$/);
    });

    it.each([
      [{}, 'EMAIL_REQUIRED'],
      [{ email: '' }, 'EMAIL_REQUIRED'],
      [{ email: ' \t' }, 'EMAIL_REQUIRED'],
      [{ email: null }, 'EMAIL_REQUIRED'],
      [{ email: 'ann' }, 'EMAIL_INVALID'],
      [{ email: 'ann@example' }, 'EMAIL_INVALID'],
      [{ email: 7 }, 'EMAIL_INVALID'],
      [{ email: ['ann@example.com'] }, 'EMAIL_INVALID'],
      [{ email: 'ann@example.com', purpose: 'login' }, 'INVALID_REQUEST'],
    ])('refuses %j as %s', async (body, code) => {
      expect(refusal(await ask(body))).toMatchObject({ status: 400, code });
    });

    it('sends an owner to the log-in', async () => {
      const email = own('owner');
      await app.signUp(email);
      const answer = await ask({ email });
      expect(refusal(answer)).toEqual({ status: 409, code: 'USER_ALREADY_HAS_ORGANIZATION' });
      expect(answer.body.error.nextAction).toContain('login-request');
    });

    it('sends somebody who is a member without owning anything to the log-in', async () => {
      const organizationId = await account(app, own('boss'));
      await addMember(app.deps.store, organizationId, own('member'), 'read-only');
      expect(refusal(await ask({ email: own('member') })).code).toBe('USER_ALREADY_HAS_ORGANIZATION');
    });

    it('mails a code to an account that has lost its organization', async () => {
      const email = own('left');
      await account(app, email);
      await removeMember(app.deps.store, email);
      expect((await ask({ email })).status).toBe(200);
    });
  });

  describe.each(codePaths.request.login)('for a log-in at %s', (path) => {
    const ask = (body: unknown) => app.call(path, { body, from: freshAddress() });
    const own = (name: string) => `${name}@login${path.length}.example`;

    it('mails six digits and answers the address and their life', async () => {
      const email = own('ann');
      await account(app, email);
      const before = app.codeFor(email);
      const answer = await ask({ email });
      expect(answer.status).toBe(200);
      expect(answer.body.data).toEqual({ email, expiresInSeconds: 600 });
      expect(app.deps.localMailbox?.messagesFor(email)).toHaveLength(2);
      expect(app.codeFor(email)).toMatch(/^[0-9]{6}$/);
      expect(before).toMatch(/^[0-9]{6}$/);
    });

    it.each([
      [{}, 'EMAIL_REQUIRED'],
      [{ email: 'ann@' }, 'EMAIL_INVALID'],
    ])('refuses %j as %s', async (body, code) => {
      expect(refusal(await ask(body))).toEqual({ status: 400, code });
    });

    it('sends a stranger to the sign-up', async () => {
      const answer = await ask({ email: own('stranger') });
      expect(refusal(answer)).toEqual({ status: 404, code: 'USER_NOT_FOUND' });
      expect(answer.body.error.nextAction).toContain('signup-request');
    });

    it('sends an account without organization to the sign-up', async () => {
      await addUser(app.deps.store, own('alone'));
      const answer = await ask({ email: own('alone') });
      expect(refusal(answer)).toEqual({ status: 409, code: 'USER_HAS_NO_ORGANIZATION' });
      expect(answer.body.error.nextAction).toContain('signup-request');
    });

    it('mails nothing when it refuses', async () => {
      await ask({ email: own('nobody') });
      expect(app.deps.localMailbox?.messagesFor(own('nobody'))).toEqual([]);
    });
  });

  it('answers and mails to the normalised address, whose spellings share one cooldown', async () => {
    const answer = await requestCode(app, 'signup', '  Ann.Case@EXAMPLE.com ');
    expect(answer.body.data.email).toBe('ann.case@example.com');
    expect(app.codeFor('ann.case@example.com')).toMatch(/^[0-9]{6}$/);
    expect(refusal(await requestCode(app, 'signup', 'ANN.CASE@example.com')).code).toBe(
      'OTP_RESEND_COOLDOWN',
    );
  });

  describe('the cooldown of 30 seconds', () => {
    it.each([
      [0, 30],
      [1, 30],
      [second, 29],
      [29_001, 1],
      [29_999, 1],
    ])('refuses %i ms later and says to wait %i s', async (laterMs, retryInSeconds) => {
      const email = `after${laterMs}@cooldown.example`;
      await requestCode(app, 'signup', email);
      app.clock.advance(laterMs);
      const answer = await requestCode(app, 'signup', email);
      expect(refusal(answer)).toEqual({
        status: 429,
        code: 'OTP_RESEND_COOLDOWN',
        details: { retryInSeconds },
      });
      expect(answer.headers['retry-after']).toBe(String(retryInSeconds));
      expect(answer.body.error.nextAction).toContain(`${retryInSeconds} seconds`);
      expect(app.deps.localMailbox?.messagesFor(email)).toHaveLength(1);
    });

    it('is over after exactly 30 s', async () => {
      const email = 'on-time@cooldown.example';
      await requestCode(app, 'signup', email);
      app.clock.advance(30 * second);
      expect((await requestCode(app, 'signup', email)).status).toBe(200);
    });

    it('runs from the code that was sent, not from a refused request', async () => {
      const email = 'impatient@cooldown.example';
      await requestCode(app, 'signup', email);
      app.clock.advance(29 * second);
      await requestCode(app, 'signup', email);
      app.clock.advance(second);
      expect((await requestCode(app, 'signup', email)).status).toBe(200);
    });

    it('is shared by sign-up and log-in', async () => {
      const email = 'both@cooldown.example';
      await app.signUp(email);
      app.clock.advance(29_999);
      expect(refusal(await requestCode(app, 'login', email)).code).toBe('OTP_RESEND_COOLDOWN');
      app.clock.advance(1);
      expect((await requestCode(app, 'login', email)).status).toBe(200);
    });

    it('leaves the code that was sent valid', async () => {
      const email = 'twice@cooldown.example';
      await requestCode(app, 'signup', email);
      await requestCode(app, 'signup', email);
      const body = { email, code: app.codeFor(email) };
      expect((await complete(app, 'signup', body)).status).toBe(200);
    });

    it('does not keep an address out when the clock is set back', async () => {
      const email = 'clock@cooldown.example';
      await requestCode(app, 'signup', email);
      app.clock.advance(-2 * hour);
      const answer = await requestCode(app, 'signup', email);
      app.clock.advance(2 * hour);
      expect(answer.status).toBe(200);
    });
  });

  describe('the limit of 20 per email and hour', () => {
    it('counts sign-up and log-in together, from the first one, and only what was sent', async () => {
      const email = 'many@limit.example';
      await app.signUp(email);
      for (let sent = 1; sent < 20; sent += 1) {
        await requestCode(app, 'login', email);
        app.clock.advance(30 * second);
        expect((await requestCode(app, 'login', email)).status).toBe(200);
      }
      app.clock.advance(30 * second);
      const answer = await requestCode(app, 'login', email);
      const retryInSeconds = 3600 - 20 * 30;
      expect(refusal(answer)).toEqual({
        status: 429,
        code: 'EMAIL_RATE_LIMITED',
        details: { retryInSeconds },
      });
      expect(answer.headers['retry-after']).toBe(String(retryInSeconds));
      app.clock.advance(retryInSeconds * second - 1);
      expect(refusal(await requestCode(app, 'login', email)).details).toEqual({ retryInSeconds: 1 });
      app.clock.advance(1);
      expect((await requestCode(app, 'login', email)).status).toBe(200);
    });

    it('starts no cooldown and mails nothing when it refuses', async () => {
      const email = 'quiet@limit.example';
      for (let sent = 0; sent < 20; sent += 1) {
        await requestCode(app, 'signup', email);
        app.clock.advance(30 * second);
      }
      expect(refusal(await requestCode(app, 'signup', email)).code).toBe('EMAIL_RATE_LIMITED');
      expect(refusal(await requestCode(app, 'signup', email)).code).toBe('EMAIL_RATE_LIMITED');
      expect(app.deps.localMailbox?.messagesFor(email)).toHaveLength(20);
    });

    it('never refuses somebody who keeps just below it, window after window', async () => {
      const email = 'steady@limit.example';
      for (let sent = 0; sent < 200; sent += 1) {
        expect((await requestCode(app, 'signup', email)).status).toBe(200);
        app.clock.advance(Math.ceil(hour / 20));
      }
    });
  });

  it('makes the code before useless with the code after', async () => {
    const email = 'replaced@example.com';
    await requestCode(app, 'signup', email);
    const first = app.codeFor(email);
    do {
      app.clock.advance(30 * second);
      await requestCode(app, 'signup', email);
    } while (app.codeFor(email) === first);
    expect(refusal(await complete(app, 'signup', { email, code: first })).code).toBe('OTP_INVALID');
    expect((await complete(app, 'signup', { email, code: app.codeFor(email) })).status).toBe(200);
  });

  it('gives a new code five attempts of its own', async () => {
    const email = 'fresh-attempts@example.com';
    await requestCode(app, 'signup', email);
    await complete(app, 'signup', { email, code: app.codeFor(email) === '000000' ? '000001' : '000000' });
    app.clock.advance(30 * second);
    await requestCode(app, 'signup', email);
    const code = app.codeFor(email) === '000000' ? '000001' : '000000';
    const answer = await complete(app, 'signup', { email, code });
    expect(refusal(answer).details).toEqual({ attemptsRemaining: 4 });
  });
});
