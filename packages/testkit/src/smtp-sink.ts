import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { Mailbox, type ReceivedMessage, receivedMessage } from './mailbox.ts';
import { testCertificate } from './test-certificate.ts';

export interface SmtpSinkOptions {
  /** `starttls` unless told; `none` does not offer it. */
  readonly tls?: 'starttls' | 'none' | 'smtps';
  /** When given, mail without it is refused. */
  readonly auth?: { readonly user: string; readonly pass: string };
  /** The status with which a recipient is refused. */
  readonly refuse?: (address: string) => 550 | 451 | undefined;
}

/** A real mail server on loopback that keeps what it is sent. */
export interface SmtpSink {
  /** `smtp://` or `smtps://` with the credentials, ready for LATCHKEY_SMTP_URL. */
  readonly url: string;
  readonly caPem: string;
  /** Path of `caPem`, for NODE_EXTRA_CA_CERTS of the process that sends. */
  readonly caFile: string;
  readonly messages: readonly ReceivedMessage[];
  /** The next message to this address that no earlier call got; see `Mailbox.waitFor`. */
  waitFor(address: string, options?: { readonly after?: number }): Promise<ReceivedMessage>;
  /** The six digits in the subject of the next message to this address. */
  codeFor(address: string): Promise<string>;
  close(): Promise<void>;
}

/** An error whose number becomes the status of the SMTP answer. */
function smtpRefusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function disabledCommands({ tls, auth }: SmtpSinkOptions): string[] {
  return [...(tls === 'none' ? ['STARTTLS'] : []), ...(auth === undefined ? ['AUTH'] : [])];
}

type Handlers = Pick<SMTPServerOptions, 'onAuth' | 'onRcptTo' | 'onData'>;

function handlers({ auth, refuse }: SmtpSinkOptions, mailbox: Mailbox): Handlers {
  return {
    onAuth({ username, password }, _session, answer) {
      const right = username === auth?.user && password === auth?.pass;
      if (right) answer(null, { user: username });
      else answer(smtpRefusal(535, 'wrong user name or password'));
    },
    onRcptTo({ address }, _session, answer) {
      const status = refuse?.(address);
      answer(status === undefined ? null : smtpRefusal(status, `recipient refused: ${address}`));
    },
    onData(stream, { envelope, secure, user }, answer) {
      const keep = async () => {
        const email = await PostalMime.parse(await buffer(stream));
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        mailbox.add(receivedMessage(email, { to, from, usedTls: secure, user: user || undefined }));
      };
      keep().then(() => answer(), answer);
    },
  };
}

function sinkUrl({ tls, auth }: SmtpSinkOptions, port: number): string {
  const url = new URL(`${tls === 'smtps' ? 'smtps' : 'smtp'}://127.0.0.1:${port}`);
  url.username = encodeURIComponent(auth?.user ?? '');
  url.password = encodeURIComponent(auth?.pass ?? '');
  return url.href;
}

/** Starts a mail server on a free port of 127.0.0.1. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const certificate = await testCertificate();
  const mailbox = new Mailbox();
  const server = new SMTPServer({
    key: certificate.keyPem,
    cert: certificate.caPem,
    secure: options.tls === 'smtps',
    disabledCommands: disabledCommands(options),
    authOptional: options.auth === undefined,
    allowInsecureAuth: options.tls === 'none',
    disableReverseLookup: true,
    logger: false,
    ...handlers(options, mailbox),
  });
  // A client that goes away in the middle is the client's business; without a listener it would end the process.
  server.on('error', () => undefined);
  const socket = server.listen(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    url: sinkUrl(options, (socket.address() as AddressInfo).port),
    caPem: certificate.caPem,
    caFile: certificate.caFile,
    messages: mailbox.messages,
    waitFor: (address, choice) => mailbox.waitFor(address, choice),
    codeFor: (address) => mailbox.codeFor(address),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
