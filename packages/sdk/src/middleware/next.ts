import { createGuard } from './guard.ts';
import type { GuardOptions, Principal } from './options.ts';

export type { GuardOptions, KeyPlace, PerRequest, Principal } from './options.ts';

/** A route handler, as Next calls it. */
export type RouteHandler<Context> = (request: Request, context: Context) => Promise<Response>;

/** A route handler that is told whose key came, beside what Next tells it. */
export type GuardedHandler<Context> = (
  request: Request,
  context: Context & { readonly latchkey: Principal },
) => Response | Promise<Response>;

/** With headers of its own before those that are added. Answers of `Response.redirect` cannot be changed. */
function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  const all = new Headers(headers);
  for (const [name, value] of response.headers) {
    if (name === 'set-cookie') all.append(name, value);
    else all.set(name, value);
  }
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers: all });
}

/**
 * Guards a route handler: `export const GET = latchkey({ verifier, resource: 'orders' }, handler)`. Next does not
 * say where a request comes from: say it by `ip`, if keys are bound to addresses.
 */
export function latchkey<Context>(
  options: GuardOptions<Request>,
  handler: GuardedHandler<Context>,
): RouteHandler<Context> {
  const guard = createGuard(options);
  return async (request, context) => {
    const admission = await guard(request, (name) => request.headers.get(name) ?? undefined);
    if (!admission.isIn) {
      const { status, headers, body } = admission.answer;
      return new Response(body, { status, headers });
    }
    const response = await handler(request, { ...context, latchkey: admission.principal });
    return withHeaders(response, admission.headers);
  };
}
