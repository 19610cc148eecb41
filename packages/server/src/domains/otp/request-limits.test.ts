import {
  createTestClock,
  describeEachEngine,
  type SmtpSink,
  startSmtpSink,
  startTestApp,
  type TestApp,
} from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codePaths, complete, refusal, requestCode, wrongCode } from '../calls-for-tests.ts';

const hour = 3_600_000;
const proxy = '192.0.2.1';
const otherProxy = '2001:db8:ff::1';

/** A request from a network address, for an account that does not exist: it counts and mails nothing. */
function knock(app: TestApp, from: string, forwardedFor?: string) {
  return app.call(codePaths.request.login[0], {
    body: { email: 'nobody@example.com' },
    from,
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  });
}

async function refusedAs(answer: ReturnType<typeof knock>): Promise<string> {
  return refusal(await answer).code;
}

/** Sends 60 requests, which all have to pass the limit. */
async function useUp(send: (index: number) => ReturnType<typeof knock>): Promise<void> {
  for (let index = 0; index < 60; index += 1) expect(await refusedAs(send(index))).toBe('USER_NOT_FOUND');
}

describeEachEngine('the limit of 60 requests per network address and hour', (open) => {
  let app: TestApp;
  let mail: SmtpSink;
  beforeAll(async () => {
    mail = await startSmtpSink();
    const env = { LATCHKEY_TRUSTED_PROXIES: `${proxy}, 2001:db8:ff::/48`, LATCHKEY_SMTP_URL: mail.url };
    app = await startTestApp(await open(), { env });
  });
  afterAll(async () => {
    await app.close();
    await mail.close();
  });

  it('counts every request, whatever came of it, from the first one', async () => {
    await useUp((index) => {
      if (index === 1) app.clock.advance(hour / 2);
      return knock(app, '198.51.100.1');
    });
    const answer = await knock(app, '198.51.100.1');
    expect(refusal(answer)).toEqual({
      status: 429,
      code: 'IP_RATE_LIMITED',
      details: { retryInSeconds: 1800 },
    });
    expect(answer.headers['retry-after']).toBe('1800');
    app.clock.advance(hour / 2 - 1);
    expect(refusal(await knock(app, '198.51.100.1')).details).toEqual({ retryInSeconds: 1 });
    app.clock.advance(1);
    expect(await refusedAs(knock(app, '198.51.100.1'))).toBe('USER_NOT_FOUND');
  });

  it('is shared by sign-up and log-in, and is looked at before anything of the email is', async () => {
    await useUp(() => knock(app, '198.51.100.2'));
    for (const path of [...codePaths.request.signup, ...codePaths.request.login]) {
      const answer = await app.call(path, { body: { email: 'new@example.com' }, from: '198.51.100.2' });
      expect(refusal(answer).code).toBe('IP_RATE_LIMITED');
    }
    expect((await requestCode(app, 'signup', 'new@example.com', '198.51.100.3')).status).toBe(200);
  });

  it('does not count what is no request for a code', async () => {
    for (let index = 0; index < 61; index += 1) {
      await app.call(codePaths.request.login[0], { body: { email: 'ann' }, from: '198.51.100.4' });
    }
    expect(await refusedAs(knock(app, '198.51.100.4'))).toBe('USER_NOT_FOUND');
  });

  it('counts an IPv6 address as its /64', async () => {
    await useUp((index) => knock(app, `2001:db8:1:1::${(index + 1).toString(16)}`));
    expect(await refusedAs(knock(app, '2001:db8:1:1:ffff:ffff:ffff:ffff'))).toBe('IP_RATE_LIMITED');
    expect(await refusedAs(knock(app, '2001:db8:1:2::1'))).toBe('USER_NOT_FOUND');
  });

  it('counts an IPv4 address once, also where it is written as IPv6', async () => {
    await useUp((index) => knock(app, index % 2 === 0 ? '198.51.100.5' : '::ffff:198.51.100.5'));
    expect(await refusedAs(knock(app, '198.51.100.5'))).toBe('IP_RATE_LIMITED');
    expect(await refusedAs(knock(app, '::ffff:198.51.100.5'))).toBe('IP_RATE_LIMITED');
  });

  it('believes no X-Forwarded-For of a stranger', async () => {
    await useUp((index) => knock(app, '198.51.100.6', `203.0.113.${index}`));
    expect(await refusedAs(knock(app, '198.51.100.6', '203.0.113.99'))).toBe('IP_RATE_LIMITED');
  });

  it('counts the client that a trusted proxy names, not the proxy', async () => {
    await useUp(() => knock(app, proxy, '198.51.100.7'));
    expect(await refusedAs(knock(app, proxy, '198.51.100.7'))).toBe('IP_RATE_LIMITED');
    expect(await refusedAs(knock(app, '198.51.100.7'))).toBe('IP_RATE_LIMITED');
    expect(await refusedAs(knock(app, proxy, '198.51.100.8'))).toBe('USER_NOT_FOUND');
  });

  it('is not fooled by left-most entries that the client wrote itself', async () => {
    await useUp((index) => knock(app, proxy, `203.0.113.${index}, 198.51.100.9`));
    expect(await refusedAs(knock(app, proxy, '203.0.113.200, 10.0.0.1, 198.51.100.9'))).toBe(
      'IP_RATE_LIMITED',
    );
    expect(await refusedAs(knock(app, proxy, `${proxy}, 198.51.100.9`))).toBe('IP_RATE_LIMITED');
  });

  it('walks over every trusted proxy from the right', async () => {
    await useUp((index) => knock(app, proxy, `203.0.113.${index}, 198.51.100.10, ${otherProxy}`));
    expect(await refusedAs(knock(app, otherProxy, `198.51.100.10, ${proxy}`))).toBe('IP_RATE_LIMITED');
  });
});

describeEachEngine('the limits on codes', (open) => {
  it('outlive the server', async () => {
    const store = await open();
    const clock = createTestClock();
    const email = 'ann@example.com';
    const before = await startTestApp(store, { clock });
    await useUp(() => knock(before, '198.51.100.1'));
    for (let sent = 0; sent < 19; sent += 1) {
      await requestCode(before, 'signup', email);
      clock.advance(30_000);
    }
    await requestCode(before, 'signup', email);
    const code = before.codeFor(email);
    for (let by = 1; by <= 4; by += 1) await complete(before, 'signup', { email, code: wrongCode(code, by) });
    await before.close();

    const after = await startTestApp(store, { clock });
    expect(await refusedAs(knock(after, '198.51.100.1'))).toBe('IP_RATE_LIMITED');
    expect(refusal(await requestCode(after, 'signup', email)).code).toBe('OTP_RESEND_COOLDOWN');
    clock.advance(30_000);
    expect(refusal(await requestCode(after, 'signup', email)).code).toBe('EMAIL_RATE_LIMITED');
    expect(refusal(await complete(after, 'signup', { email, code: wrongCode(code, 5) })).code).toBe(
      'OTP_LOCKED_OUT',
    );
    await after.close();
  });

  it('let a code that was mailed before a restart be redeemed after it', async () => {
    const store = await open();
    const before = await startTestApp(store);
    await requestCode(before, 'signup', 'ann@example.com');
    const code = before.codeFor('ann@example.com');
    await before.close();
    const after = await startTestApp(store);
    expect((await complete(after, 'signup', { email: 'ann@example.com', code })).status).toBe(200);
    await after.close();
  });
});
