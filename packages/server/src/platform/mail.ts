import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import type { Logger } from './logger.ts';
import { isLoopbackHost } from './loopback.ts';

/** One message to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Delivers mail. `send` resolves only when the message was accepted for its recipient, and throws otherwise. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  close(): void;
}

const connectTimeoutMs = 10_000;

/** Failures of the TLS handshake or of the certificate, as nodemailer and Node name them. */
function isTlsFailure(error: unknown): boolean {
  const { code, command } = error as { code?: string; command?: string };
  return (
    code === 'ETLS' ||
    command === 'STARTTLS' ||
    /certificate|self-signed|altnames|SSL|TLS/i.test(String(error))
  );
}

function transportFor(url: URL, extra: object): Transporter {
  const secure = url.protocol === 'smtps:';
  const auth = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : undefined;
  return createTransport({
    pool: true,
    maxConnections: 4,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isLoopbackHost(url.hostname),
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: 2 * connectTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(auth && { auth }),
    ...extra,
  });
}

async function deliver(transport: Transporter, message: SendMailOptions): Promise<void> {
  const { accepted = [], rejected = [] } = await transport.sendMail(message);
  if (rejected.length > 0 || accepted.length === 0) throw new Error('the mail server refused the recipient');
}

/**
 * Mail over SMTP. `smtps://` is TLS from the start; `smtp://` upgrades by STARTTLS and insists on it, unless
 * the host is loopback: there a certificate that nothing vouches for is accepted, because plain text would be
 * too (docs/decisions/0003-mail.md).
 */
export function createSmtpMailer(smtpUrl: string, from: string, log: Logger): Mailer {
  const url = new URL(smtpUrl);
  const verified = transportFor(url, {});
  const unverified =
    url.protocol === 'smtp:' && isLoopbackHost(url.hostname)
      ? transportFor(url, { tls: { rejectUnauthorized: false } })
      : undefined;
  let useUnverified = false;
  return {
    async send(mail) {
      const message = { from, ...mail, headers: { 'Auto-Submitted': 'auto-generated' } };
      if (unverified && useUnverified) return deliver(unverified, message);
      try {
        await deliver(verified, message);
      } catch (error) {
        if (!unverified || !isTlsFailure(error)) throw error;
        log.warn('the certificate of the loopback mail server is not trusted; going on without verifying it');
        await deliver(unverified, message);
        useUnverified = true;
      }
    },
    close() {
      verified.close();
      unverified?.close();
    },
  };
}
