import {
  describeEachEngine,
  type SmtpSink,
  startSmtpSink,
  startTestApp,
  type TestApp,
} from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Mail } from '../../platform/mail.ts';
import { complete, freshAddress, refusal, requestCode, silentRecorder } from '../calls-for-tests.ts';
import { challengesOf, tableText } from '../rows-for-tests.sql.ts';
import { requestCode as sendCode } from './request.ts';

/** Mail that is under way until `deliver` is called; `sending` resolves with its code once it is. */
function slowMail(app: TestApp) {
  const sending = Promise.withResolvers<string>();
  const delivered = Promise.withResolvers<void>();
  const send = async (mail: Mail) => {
    sending.resolve(mail.subject.slice(0, 6));
    await delivered.promise;
  };
  const deps = { ...app.deps, audit: silentRecorder, mailer: { send, close: () => undefined } };
  return { deps, sending: sending.promise, deliver: delivered.resolve };
}

describeEachEngine('mailing a code', (open) => {
  let sink: SmtpSink;
  let app: TestApp;
  let refused = false;
  beforeAll(async () => {
    sink = await startSmtpSink({ refuse: () => (refused ? 550 : undefined) });
    app = await startTestApp(await open(), { env: { LATCHKEY_SMTP_URL: sink.url } });
  });
  afterAll(async () => {
    await app.close();
    await sink.close();
  });

  async function whileRefused<Result>(work: () => Promise<Result>): Promise<Result> {
    refused = true;
    const result = await work();
    refused = false;
    return result;
  }

  it('puts the digits in subject, text and HTML, and nothing to follow', async () => {
    await requestCode(app, 'signup', 'ann@example.com');
    const message = await sink.waitFor('ann@example.com');
    const code = /\b[0-9]{6}\b/.exec(message.subject)?.[0] ?? 'none';
    expect(message.text).toContain(code);
    expect(message.html).toContain(code);
    expect(message.headers['auto-submitted']).toBe('auto-generated');
    expect(`${message.text}${message.html}`).not.toMatch(/https?:|href|src=/);
  });

  it('keeps the code nowhere in clear: not in a row and not in a log line', async () => {
    const codes: string[] = [];
    for (const name of ['bob', 'bea', 'ben']) {
      await requestCode(app, 'signup', `${name}@example.com`);
      codes.push(await sink.codeFor(`${name}@example.com`));
    }
    const tables = ['otp_challenges', 'limits', 'meta'] as const;
    const rows = (await Promise.all(tables.map((table) => tableText(app.deps.store, table)))).join('');
    const log = app.logLines.join('');
    for (const code of codes) {
      // Bounded, since instants and ids hold any six digits in a row sooner or later.
      expect(rows).not.toMatch(new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`));
      expect(rows).not.toContain(Buffer.from(code).toString('base64url'));
      expect(log).not.toMatch(new RegExp(`(?<![0-9a-f-])${code}(?![0-9a-f-])`));
    }
  });

  it('answers INTERNAL when the mail is refused, and says nothing of why', async () => {
    const answer = await whileRefused(() => requestCode(app, 'signup', 'cid@example.com'));
    expect(refusal(answer)).toEqual({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(answer.body)).not.toMatch(/550|refused|smtp/i);
  });

  it('starts no cooldown and counts nothing for mail that was refused', async () => {
    const email = 'dan@example.com';
    await whileRefused(async () => {
      for (let tried = 0; tried < 25; tried += 1) {
        expect(refusal(await requestCode(app, 'signup', email)).code).toBe('INTERNAL');
      }
    });
    for (let sent = 0; sent < 20; sent += 1) {
      expect((await requestCode(app, 'signup', email)).status).toBe(200);
      app.clock.advance(30_000);
    }
    expect(refusal(await requestCode(app, 'signup', email)).code).toBe('EMAIL_RATE_LIMITED');
  });

  it('leaves no code behind for mail that was refused', async () => {
    const email = 'eve@example.com';
    await whileRefused(() => requestCode(app, 'signup', email));
    expect(await challengesOf(app.deps.store, email)).toEqual([]);
    expect(refusal(await complete(app, 'signup', { email, code: '123456' })).code).toBe('OTP_NOT_FOUND');
  });

  it('leaves an earlier code valid when the mail with the next one is refused', async () => {
    const email = 'fay@example.com';
    await requestCode(app, 'signup', email);
    const code = await sink.codeFor(email);
    app.clock.advance(30_000);
    await whileRefused(() => requestCode(app, 'signup', email));
    expect((await complete(app, 'signup', { email, code })).status).toBe(200);
  });

  it.each([
    [0, 1],
    [1, 0],
  ])('keeps the newer code when two mails are under way and number %i arrives before %i', async (...order) => {
    const email = `crossing${order[0]}@example.com`;
    const mails = [slowMail(app), slowMail(app)];
    const answers: Promise<unknown>[] = [];
    for (const mail of mails) {
      answers.push(
        sendCode(
          mail.deps,
          'signup',
          { email },
          { address: freshAddress(), ip: '127.0.0.1', client: '', requestId: '' },
        ),
      );
      await mail.sending;
      app.clock.advance(30_000);
    }
    for (const index of order) {
      mails[index]?.deliver();
      await answers[index];
    }
    const code = await mails[1]?.sending;
    expect((await complete(app, 'signup', { email, code })).status).toBe(200);
  });
});
