import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { normalizeEmail } from '../domains/accounts/index.ts';
import type { LocalMailbox, LocalMessage } from '../platform/local-mailbox.ts';
import { isLoopbackHost, isLoopbackUrl } from '../platform/loopback.ts';
import { html } from './oauth/html.ts';
import { page, sendPage } from './oauth/layout.ts';
import { basePathOf } from './oauth/mount.ts';

const forwardingHeaders = ['forwarded', 'via', 'x-real-ip'];

function wasForwarded({ headers }: FastifyRequest): boolean {
  return Object.keys(headers).some(
    (name) => name.startsWith('x-forwarded-') || forwardingHeaders.includes(name),
  );
}

/**
 * This machine only: the connection comes from it, nothing forwarded the request, and the page that asks was not
 * served under another name (which a web page could have pointed at this address). The header itself is looked at,
 * since what Fastify calls the host may be what a proxy says.
 */
function fromThisMachine(request: FastifyRequest): boolean {
  return (
    isLoopbackHost(request.socket.remoteAddress ?? '') &&
    isLoopbackUrl(`http://${request.headers.host}`) &&
    !wasForwarded(request)
  );
}

/** Where the messages to an address are. */
export function mailboxPath(basePath: string, email: string): string {
  return `${basePath}/local/mailbox/${encodeURIComponent(email)}`;
}

/** The messages for a person who opens the mailbox in a browser. */
function mailboxPage(basePath: string, email: string, messages: readonly LocalMessage[]): string {
  const none = html`<p>No message has been kept for <strong>${email}</strong>.</p>`;
  const items = messages.map(
    ({ subject, text, sentAt }) =>
      html`<h2>${subject}</h2>\n<p class="quiet">${sentAt}</p>\n<pre>${text}</pre>\n`,
  );
  const what = html`<p>What this server would have mailed to <strong>${email}</strong>, newest first.</p>\n`;
  return page(basePath, 'Mailbox', messages.length === 0 ? none : html`${what}${items}`);
}

/** What a server without SMTP would have mailed, for the person who runs it on their own machine. */
export function registerLocalMailbox(
  app: FastifyInstance,
  { localMailbox, publicUrl }: { readonly localMailbox: LocalMailbox; readonly publicUrl: () => string },
): void {
  app.get<{ Params: { email: string } }>(
    '/local/mailbox/:email',
    { config: { operation: 'localMailbox' } },
    async (request, reply) => {
      if (!fromThisMachine(request)) throw new LatchkeyError('NOT_FOUND');
      const email = normalizeEmail(request.params.email);
      const messages = localMailbox.messagesFor(email);
      if (request.headers.accept?.includes('text/html')) {
        return sendPage(reply, mailboxPage(basePathOf(publicUrl()), email, messages));
      }
      return { success: true, data: { email, messages }, requestId: request.id };
    },
  );
}
