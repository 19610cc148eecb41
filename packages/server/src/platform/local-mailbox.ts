import type { Clock } from './clock.ts';
import { toIso } from './clock.ts';
import type { Logger } from './logger.ts';
import type { Mail, Mailer } from './mail.ts';

/** A message as the local mailbox shows it. */
export interface LocalMessage {
  readonly subject: string;
  readonly text: string;
  /** The six digits, where the message has them. */
  readonly code: string | null;
  readonly sentAt: string;
}

/** Mail that stays on this machine: for a server that only this machine can reach and that has no SMTP. */
export interface LocalMailbox extends Mailer {
  /** Newest first. */
  messagesFor(address: string): readonly LocalMessage[];
}

const keptMessages = 200;

/** Keeps the newest messages in memory and writes the subject, which has the code, to the log. */
export function createLocalMailbox(clock: Clock, log: Logger): LocalMailbox {
  const kept: { to: string; message: LocalMessage }[] = [];
  return {
    async send(mail: Mail) {
      const code = /\b\d{6}\b/.exec(mail.subject)?.[0] ?? null;
      kept.unshift({
        to: mail.to,
        message: { subject: mail.subject, text: mail.text, code, sentAt: toIso(clock.now()) },
      });
      kept.length = Math.min(kept.length, keptMessages);
      log.info(
        { to: mail.to, subject: mail.subject },
        'mail kept at /local/mailbox/<address>: no LATCHKEY_SMTP_URL is set',
      );
    },
    messagesFor: (address) => kept.filter(({ to }) => to === address).map(({ message }) => message),
    close() {},
  };
}
