import type {} from 'fastify';
import { createGuard } from './guard.ts';
import { type NodeIncoming, nodeHeader } from './node-headers.ts';
import type { GuardOptions, Principal } from './options.ts';

export type { GuardOptions, KeyPlace, PerRequest, Principal } from './options.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key came; on routes that the hook guards. */
    latchkey: Principal;
  }
}

/** What is used of a request. */
export interface FastifyIncoming extends NodeIncoming {
  readonly ip: string;
}

/** What is used of a reply. */
export interface FastifyOutgoing {
  code(status: number): this;
  headers(headers: Record<string, string>): this;
  send(body: string): this;
}

/**
 * A hook for `onRequest`: of an application, a plugin or one route. The address is `request.ip` unless told, which is
 * that of the proxy unless Fastify is told to trust it.
 */
export function latchkey<Incoming extends FastifyIncoming>(
  options: GuardOptions<Incoming>,
): (request: Incoming, reply: FastifyOutgoing) => Promise<unknown> {
  const guard = createGuard<Incoming>({ ip: ({ ip }) => ip, ...options });
  return async (request, reply) => {
    const admission = await guard(request, nodeHeader(request));
    if (!admission.isIn) {
      const { status, headers, body } = admission.answer;
      return reply
        .code(status)
        .headers({ ...headers })
        .send(body);
    }
    reply.headers({ ...admission.headers });
    Object.assign(request, { latchkey: admission.principal });
    return undefined;
  };
}
