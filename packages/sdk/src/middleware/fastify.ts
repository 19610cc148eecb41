import type { FastifyReply, FastifyRequest } from 'fastify';
import { createGuard } from './guard.ts';
import { nodeHeader } from './node-headers.ts';
import type { GuardOptions, Principal } from './options.ts';

export type { GuardOptions, KeyPlace, PerRequest, Principal } from './options.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key came; on routes that the hook guards. */
    latchkey: Principal;
  }
}

/**
 * A hook for `onRequest`: of an application, a plugin or one route. The address is `request.ip` unless told, which is
 * that of the proxy unless Fastify is told to trust it.
 */
export function latchkey(
  options: GuardOptions<FastifyRequest>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const guard = createGuard<FastifyRequest>({ ip: ({ ip }) => ip, ...options });
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
    request.latchkey = admission.principal;
    return undefined;
  };
}
