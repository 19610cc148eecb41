import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { normalizeEmail } from '../domains/accounts/index.ts';
import type { LocalMailbox } from '../platform/local-mailbox.ts';
import { isLoopbackHost } from '../platform/loopback.ts';

/**
 * This machine only: the connection comes from it, nothing forwarded the request, and the page that asks was not
 * served under another name (which a web page could have pointed at this address).
 */
function fromThisMachine(request: FastifyRequest): boolean {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
  const host = request.hostname;
  return (
    isLoopbackHost(request.socket.remoteAddress ?? '') && forwarded === undefined && isLoopbackHost(host)
  );
}

/** What a server without SMTP would have mailed, for the person who runs it on their own machine. */
export function registerLocalMailbox(app: FastifyInstance, mailbox: LocalMailbox): void {
  app.get<{ Params: { email: string } }>(
    '/local/mailbox/:email',
    { config: { operation: 'localMailbox' } },
    async (request) => {
      if (!fromThisMachine(request)) throw new LatchkeyError('NOT_FOUND');
      const email = normalizeEmail(request.params.email);
      return { success: true, data: { email, messages: mailbox.messagesFor(email) }, requestId: request.id };
    },
  );
}
