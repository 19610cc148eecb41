import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { normalizeEmail } from '../domains/accounts/index.ts';
import type { LocalMailbox } from '../platform/local-mailbox.ts';
import { isLoopbackHost, isLoopbackUrl } from '../platform/loopback.ts';

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
