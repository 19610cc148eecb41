import { createServer } from 'node:net';
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from '@latchkey/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { createSmtpMailer, type Mailer } from './mail.ts';

const from = 'Latchkey <keys@latchkey.example>';
const mail = {
  to: 'ann@example.test',
  subject: '012345 is your Latchkey code',
  text: 'Your Latchkey code: 012345\n\nIt works once.\n',
  html: '<!doctype html><p>Your Latchkey code:</p><p><strong>012345</strong></p>',
};
const auth = { user: 'mail er', pass: 'p@ss/w:rd?' };

describe('mail over SMTP', () => {
  const toClose: { close(): unknown }[] = [];
  const lines: string[] = [];

  afterEach(async () => {
    lines.length = 0;
    for (const each of toClose.splice(0).toReversed()) await each.close();
  });

  async function sinkFor(options?: SmtpSinkOptions): Promise<SmtpSink> {
    const sink = await startSmtpSink(options);
    toClose.push(sink);
    return sink;
  }

  function mailerFor(url: string): Mailer {
    const mailer = createSmtpMailer(url, from, createLogger('trace', { write: (line) => lines.push(line) }));
    toClose.push(mailer);
    return mailer;
  }

  /** Why a message is not accepted; it may name neither the password nor the code. */
  async function failureOf(url: string, to = mail.to): Promise<string> {
    const failure = await mailerFor(url)
      .send({ ...mail, to })
      .then(
        () => 'accepted',
        (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)),
      );
    expect(`${failure}${lines.join('')}`).not.toMatch(/p@ss|p%40ss|012345/);
    return failure;
  }

  it('arrives in two parts with the code in the subject, and says that nobody wrote it', async () => {
    const sink = await sinkFor();
    await mailerFor(sink.url).send(mail);
    const [message] = sink.messages;
    expect(message).toMatchObject({
      to: [mail.to],
      from: 'keys@latchkey.example',
      subject: mail.subject,
      text: expect.stringContaining('Your Latchkey code: 012345'),
      html: expect.stringContaining('<strong>012345</strong>'),
    });
    expect(message?.headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      from,
      to: mail.to,
      'content-type': expect.stringMatching(/^multipart\/alternative/),
      'message-id': expect.stringMatching(/^<\S+@\S+>$/),
      date: expect.any(String),
    });
  });

  it('is encrypted on loopback too, where a certificate that nothing vouches for is taken and told of once', async () => {
    const sink = await sinkFor();
    const mailer = mailerFor(sink.url);
    for (let sent = 0; sent < 3; sent += 1) await mailer.send(mail);
    expect(sink.messages.map(({ usedTls }) => usedTls)).toEqual([true, true, true]);
    expect(lines.filter((line) => line.includes('not trusted'))).toHaveLength(1);
  });

  it('goes in plain text to a loopback server that has no TLS', async () => {
    const sink = await sinkFor({ tls: 'none' });
    await mailerFor(sink.url).send(mail);
    expect(sink.messages).toMatchObject([{ usedTls: false }]);
  });

  it('is refused in plain text by a name that is not loopback', async () => {
    const sink = await sinkFor({ tls: 'none' });
    const { port } = new URL(sink.url);
    // Any name that is this machine but does not say so: the sender sees a foreign server without STARTTLS.
    const failure = await failureOf(`smtp://[::ffff:7f00:1]:${port}`);
    expect(failure).not.toBe('accepted');
    expect(sink.messages).toEqual([]);
  });

  it('is refused over smtps:// when nothing vouches for the certificate, on loopback too', async () => {
    const sink = await sinkFor({ tls: 'smtps' });
    expect(await failureOf(sink.url)).toMatch(/self-signed certificate/);
    expect(sink.messages).toEqual([]);
  });

  it('logs in with the name and the password of the URL, whatever characters they have', async () => {
    const sink = await sinkFor({ auth });
    await mailerFor(sink.url).send(mail);
    expect(sink.messages).toMatchObject([{ user: auth.user, usedTls: true }]);
  });

  it('fails with the wrong password and with none', async () => {
    const sink = await sinkFor({ auth });
    const url = new URL(sink.url);
    url.password = 'p%40ss-that-is-wrong';
    expect(await failureOf(url.href)).toMatch(/535/);
    url.username = '';
    url.password = '';
    expect(await failureOf(url.href)).toMatch(/530/);
    expect(sink.messages).toEqual([]);
  });

  it.each([550, 451] as const)('fails when the recipient is refused with %i', async (status) => {
    const sink = await sinkFor({ refuse: () => status });
    expect(await failureOf(sink.url)).toContain(String(status));
    expect(sink.messages).toEqual([]);
  });

  it('fails when one recipient of several is refused', async () => {
    const sink = await sinkFor({ refuse: (address) => (address.startsWith('never') ? 550 : undefined) });
    expect(await failureOf(sink.url, 'ann@example.test, never@example.test')).toContain(
      'refused the recipient',
    );
  });

  it('works again after a refusal: one bad address does not stop the next', async () => {
    const sink = await sinkFor({ refuse: (address) => (address.startsWith('never') ? 550 : undefined) });
    const mailer = mailerFor(sink.url);
    await expect(mailer.send({ ...mail, to: 'never@example.test' })).rejects.toThrow();
    await mailer.send(mail);
    expect(sink.messages).toHaveLength(1);
  });

  it('fails when nothing listens there', async () => {
    const sink = await startSmtpSink();
    await sink.close();
    expect(await failureOf(sink.url)).toMatch(/ECONNREFUSED/);
  });

  it('fails when what listens there hangs up', async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    toClose.push(server);
    expect(await failureOf(`smtp://127.0.0.1:${port}`)).not.toBe('accepted');
  });
});
