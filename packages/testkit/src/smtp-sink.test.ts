import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from './smtp-sink.ts';

const message = {
  from: 'a@example.test',
  subject: 'Your code is 123456',
  text: 'plain',
  html: '<p>rich</p>',
};
const open: SmtpSink[] = [];

async function sinkFor(options?: SmtpSinkOptions): Promise<SmtpSink> {
  const sink = await startSmtpSink(options);
  open.push(sink);
  return sink;
}

async function send(sink: SmtpSink, to: string | string[], trust = sink.caPem) {
  const { hostname, port, protocol, username, password } = new URL(sink.url);
  const sender = createTransport({
    host: hostname,
    port: Number(port),
    secure: protocol === 'smtps:',
    requireTLS: protocol === 'smtp:',
    ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    tls: { ca: trust },
  });
  return await sender.sendMail({ ...message, to });
}

describe('the mail sink', () => {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((sink) => sink.close()));
  });

  it('receives both parts over STARTTLS from a sender that trusts its certificate', async () => {
    const sink = await sinkFor();
    await send(sink, 'b@example.test');
    expect(await sink.waitFor('b@example.test')).toMatchObject({
      to: ['b@example.test'],
      from: 'a@example.test',
      subject: message.subject,
      text: expect.stringContaining('plain'),
      html: expect.stringContaining('rich'),
      usedTls: true,
      user: undefined,
    });
  });

  it('receives over TLS from the start', async () => {
    const sink = await sinkFor({ tls: 'smtps' });
    await send(sink, 'b@example.test');
    expect(sink.messages).toMatchObject([{ usedTls: true }]);
  });

  it('is refused by a sender that does not trust its certificate', async () => {
    const sink = await sinkFor();
    await expect(send(sink, 'b@example.test', '')).rejects.toMatchObject({ code: 'ESOCKET' });
  });

  it('does not offer STARTTLS when told so', async () => {
    const sink = await sinkFor({ tls: 'none' });
    await expect(send(sink, 'b@example.test')).rejects.toThrow(/STARTTLS/);
  });

  it('refuses a recipient for ever and for now with the status it was told', async () => {
    const sink = await sinkFor({ refuse: (address) => (address.startsWith('never') ? 550 : 451) });
    await expect(send(sink, 'never@example.test')).rejects.toMatchObject({ responseCode: 550 });
    await expect(send(sink, 'later@example.test')).rejects.toMatchObject({ responseCode: 451 });
    expect(sink.messages).toEqual([]);
  });

  it('names the recipients refused among accepted ones', async () => {
    const sink = await sinkFor({ refuse: (address) => (address.startsWith('never') ? 550 : undefined) });
    const sent = await send(sink, ['b@example.test', 'never@example.test']);
    expect(sent.rejected).toEqual(['never@example.test']);
    expect(sink.messages).toMatchObject([{ to: ['b@example.test'] }]);
  });

  it('keeps out a sender without the right password', async () => {
    const sink = await sinkFor({ auth: { user: 'mailer', pass: 'p@ss/word' } });
    await send(sink, 'b@example.test');
    expect(sink.messages).toMatchObject([{ user: 'mailer' }]);
    const wrong = { ...sink, url: sink.url.replace('p%40ss', 'other') };
    await expect(send(wrong, 'b@example.test')).rejects.toMatchObject({ responseCode: 535 });
    const none = { ...sink, url: sink.url.replace(/\/\/.*@/, '//') };
    await expect(send(none, 'b@example.test')).rejects.toMatchObject({ responseCode: 530 });
  });

  it('hands out each message once per address, whether it came before or after the question', async () => {
    const sink = await sinkFor();
    const early = sink.codeFor('b@example.test');
    await send(sink, 'other@example.test');
    await send(sink, 'B@example.test');
    expect(await early).toBe('123456');
    await send(sink, 'b@example.test');
    const second = await sink.waitFor('b@example.test');
    expect(second).toBe(sink.messages[2]);
    expect(await sink.waitFor('b@example.test', { after: 0 })).toBe(sink.messages[1]);
  });
});
