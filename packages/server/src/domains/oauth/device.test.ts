import { describeEachEngine, OauthFlows, startTestApp, type TestApp } from '@latchkey/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hourMs, minuteMs, secondMs } from '../../platform/clock.ts';

const alice = 'alice@example.com';
const pending = { status: 400, body: { error: 'authorization_pending' } };
const tooFast = { status: 400, body: { error: 'slow_down' } };

describeEachEngine('signing in on a device', (open) => {
  let app: TestApp;
  let flows: OauthFlows;

  beforeEach(async () => {
    app = await startTestApp(await open());
    flows = new OauthFlows(app);
    await app.signUp(alice, 'Acme');
    app.clock.advance(minuteMs);
  });
  afterEach(async () => {
    expect(app.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
    await app.close();
  });

  /** Opens the page and types a code. */
  async function typed(userCode: string, from?: string) {
    const visitor = flows.visitor(from);
    await visitor.open('/device');
    await visitor.submit('/device', { user_code: userCode });
    return visitor;
  }

  it('shows a code without letters that look alike, where to type it, and how often to ask', async () => {
    expect(await flows.startDevice()).toMatchObject({
      status: 200,
      body: {
        user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
        verification_uri: `${flows.issuer}/device`,
        interval: 5,
        expires_in: 600,
      },
    });
  });

  it('puts the code into no URL', async () => {
    const { body } = await flows.startDevice();
    expect(body).not.toHaveProperty('verification_uri_complete');
    const visitor = flows.visitor();
    await visitor.open(`/device?user_code=${body.user_code}`);
    expect(visitor.page).not.toContain(body.user_code);
    expect(visitor.page).toContain('Connect a device');
  });

  it('answers pending, then tokens once', async () => {
    const { body } = await flows.startDevice();
    expect(await flows.poll(body.device_code)).toMatchObject(pending);
    const visitor = await flows.allowDevice(body.user_code, alice);
    expect(visitor.page).toContain('You are signed in');
    expect(await flows.poll(body.device_code)).toMatchObject({ status: 200, body: { scope: 'latchkey' } });
    expect(await flows.poll(body.device_code)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('shows program, code, address and abilities before anybody signs in', async () => {
    const { body } = await flows.startDevice();
    const { page } = await typed(body.user_code.toLowerCase().replace('-', ' '));
    expect(page).toContain('Is this your device?');
    for (const text of [
      body.user_code,
      'Latchkey command line',
      '127.0.0.1',
      'latchkey test',
      'Manage your',
      'with your email address, even where you are signed in to the dashboard',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('is denied before signing in', async () => {
    const { body } = await flows.startDevice();
    const visitor = await typed(body.user_code);
    await visitor.submit('/device', { abort: 'yes' });
    expect(visitor.page).toContain('Denied');
    expect(await flows.poll(body.device_code)).toMatchObject({
      status: 400,
      body: { error: 'access_denied' },
    });
  });

  it.each(['sign-in', 'consent'])('is denied at the %s', async (where) => {
    const { body } = await flows.startDevice();
    const visitor = await typed(body.user_code);
    await visitor.submit('/device', { confirm: 'yes' });
    if (where === 'sign-in') await visitor.submit('/cancel');
    else {
      await flows.signIn(visitor, alice);
      await visitor.submit('/consent', { decision: 'deny' });
    }
    expect(visitor.page).toContain('Denied');
    expect(await flows.poll(body.device_code)).toMatchObject({
      status: 400,
      body: { error: 'access_denied' },
    });
  });

  it('tells a browser that lost its cookies, or never had them, that the sign-in is over', async () => {
    const visitor = flows.visitor();
    await visitor.open('/device/not-a-sign-in');
    expect(visitor.page).toContain('This sign-in is over');
    await visitor.post('/device', { user_code: 'BBBB-BBBB', xsrf: 'guessed', confirm: 'yes' });
    expect(visitor.page).toContain('This sign-in is over');
  });

  it('ends after 10 minutes, on both sides', async () => {
    const { body } = await flows.startDevice();
    app.clock.advance(10 * minuteMs);
    expect(await flows.poll(body.device_code)).toMatchObject({
      status: 400,
      body: { error: 'expired_token' },
    });
    expect((await typed(body.user_code)).page).toContain('This code has expired');
  });

  it('says plainly that a code is unknown, missing or used', async () => {
    const { body } = await flows.startDevice();
    await flows.allowDevice(body.user_code, alice);
    expect((await typed(body.user_code)).page).toContain('This code has been used already');
    expect((await typed('BBBB-BBBB')).page).toContain('There is no such code');
    expect((await typed('')).page).toContain('Type the code that your device shows');
  });

  it('is decided by one of two people who type the same code', async () => {
    await app.signUp('bob@example.com', 'Beta');
    const { body } = await flows.startDevice();
    const [first, second] = [await typed(body.user_code), await typed(body.user_code)];
    await Promise.all([first, second].map((each) => each.submit('/device', { confirm: 'yes' })));
    const pages = [first.page, second.page].map((page) => page.includes('Email address'));
    expect(pages.toSorted()).toEqual([false, true]);
  });

  it('stops guesses of codes from one address after 20, and gives right ones back', async () => {
    for (let guess = 0; guess < 19; guess += 1) await typed('BBBB-BBBB', '10.9.9.9');
    const { body } = await flows.startDevice();
    const right = await typed(body.user_code, '10.9.9.9');
    expect(right.page).toContain('Is this your device?');
    expect((await typed('BBBB-BBBB', '10.9.9.9')).page).toContain('There is no such code');
    const stopped = await typed(body.user_code, '10.9.9.9');
    expect(stopped.status).toBe(429);
    expect(stopped.page).toContain('Too many codes were tried');
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(3000);
    expect((await typed(body.user_code, '10.9.9.8')).page).toContain('Is this your device?');
    app.clock.advance(hourMs);
    expect((await typed('BBBB-BBBB', '10.9.9.9')).status).toBe(200);
  });

  it('tries no more codes when 64 come at once', async () => {
    const visitors = await Promise.all(
      Array.from({ length: 64 }, async () => {
        const visitor = flows.visitor('10.9.9.7');
        await visitor.open('/device');
        return visitor;
      }),
    );
    await Promise.all(visitors.map((visitor) => visitor.submit('/device', { user_code: 'CCCC-CCCC' })));
    expect(visitors.filter(({ status }) => status === 200)).toHaveLength(20);
  });

  it('limits how many sign-ins one address begins', async () => {
    const answers = await Promise.all(Array.from({ length: 125 }, () => flows.startDevice()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(120);
    expect(answers.find(({ status }) => status === 429)?.body.error).toBe('temporarily_unavailable');
  });

  it('slows a device down that asks too fast, by 5 seconds each time', async () => {
    const { body } = await flows.startDevice();
    const poll = async (afterMs: number) => {
      app.clock.advance(afterMs);
      return flows.poll(body.device_code);
    };
    expect(await poll(0)).toMatchObject(pending);
    expect(await poll(secondMs)).toMatchObject(tooFast);
    expect(await poll(5 * secondMs)).toMatchObject(tooFast);
    expect(await poll(9 * secondMs)).toMatchObject(pending);
    expect(await poll(13 * secondMs)).toMatchObject(tooFast);
    expect(await poll(7 * secondMs)).toMatchObject(pending);
  });

  it('never holds back a decision, however fast the device asks', async () => {
    const { body } = await flows.startDevice();
    for (let poll = 0; poll < 10; poll += 1) await flows.poll(body.device_code);
    await flows.allowDevice(body.user_code, alice);
    expect(await flows.poll(body.device_code)).toMatchObject({ status: 200 });
  });

  it('never slows an honest device down, whatever the network does to its requests', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 5, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(delays, async (delaysMs) => {
        const { body } = await flows.startDevice();
        const startedAt = app.clock.now();
        for (const [index, delayMs] of delaysMs.entries()) {
          const arrivesAt = startedAt + (index + 1) * body.interval * secondMs + delayMs;
          app.clock.advance(arrivesAt - app.clock.now());
          expect(await flows.poll(body.device_code)).toMatchObject(pending);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('never refuses again a device that obeys after it was too fast', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), async (hasty) => {
        const { body } = await flows.startDevice();
        expect(await flows.poll(body.device_code)).toMatchObject(pending);
        let intervalMs = body.interval * secondMs;
        for (let poll = 0; poll < hasty; poll += 1) {
          expect(await flows.poll(body.device_code)).toMatchObject(tooFast);
          intervalMs += 5 * secondMs;
        }
        for (let poll = 0; poll < 5; poll += 1) {
          app.clock.advance(intervalMs);
          expect(await flows.poll(body.device_code)).toMatchObject(pending);
        }
      }),
      { numRuns: 6 },
    );
  });

  it('has one interval for 64 who ask at once', async () => {
    const { body } = await flows.startDevice();
    const answers = await Promise.all(Array.from({ length: 64 }, () => flows.poll(body.device_code)));
    expect(answers.filter(({ body: { error } }) => error === 'authorization_pending')).toHaveLength(1);
    expect(answers.filter(({ body: { error } }) => error === 'slow_down')).toHaveLength(63);
    app.clock.advance(minuteMs + 5 * secondMs);
    expect(await flows.poll(body.device_code)).toMatchObject(pending);
  });

  it('refuses another client, and a code that nobody was given', async () => {
    const { body } = await flows.startDevice();
    expect(
      await flows.post('/oauth/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'someone',
        device_code: body.device_code,
      }),
    ).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(await flows.poll('nobody-has-this')).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });
});
