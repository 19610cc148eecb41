import { createGuard } from './guard.ts';
import { type NodeIncoming, nodeHeader } from './node-headers.ts';
import type { GuardOptions, Principal } from './options.ts';

export type { GuardOptions, KeyPlace, PerRequest, Principal } from './options.ts';

declare global {
  namespace Express {
    interface Request {
      /** Whose key came; behind the middleware. */
      latchkey: Principal;
    }
  }
}

/** What is used of a request. */
export interface ExpressIncoming extends NodeIncoming {
  readonly ip?: string | undefined;
}

/** What is used of a response: Node's own. */
export interface ExpressOutgoing {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/**
 * A middleware, for an application, a router or one route. The address is `request.ip` unless told, which is that of
 * the proxy unless Express is told to trust it.
 */
export function latchkey<Incoming extends ExpressIncoming>(
  options: GuardOptions<Incoming>,
): (request: Incoming, response: ExpressOutgoing, next: (error?: unknown) => void) => Promise<void> {
  const guard = createGuard<Incoming>({ ip: ({ ip }) => ip, ...options });
  return async (request, response, next) => {
    const admission = await guard(request, nodeHeader(request)).catch((error: unknown) => ({ error }));
    if ('error' in admission) return next(admission.error);
    const { headers } = admission.isIn ? admission : admission.answer;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (admission.isIn) {
      Object.assign(request, { latchkey: admission.principal });
      return next();
    }
    response.statusCode = admission.answer.status;
    response.end(admission.answer.body);
  };
}
