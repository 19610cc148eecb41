import type { Context, MiddlewareHandler } from 'hono';
import { createGuard } from './guard.ts';
import type { GuardOptions, Principal } from './options.ts';

export type { GuardOptions, KeyPlace, PerRequest, Principal } from './options.ts';

/** What the middleware puts into the context: `new Hono<{ Variables: LatchkeyVariables }>()`. */
export interface LatchkeyVariables {
  /** Whose key came; behind the middleware. */
  latchkey: Principal;
}

/** A middleware. Hono does not know where a request comes from: say it by `ip`, if keys are bound to addresses. */
export function latchkey(
  options: GuardOptions<Context>,
): MiddlewareHandler<{ Variables: LatchkeyVariables }> {
  const guard = createGuard(options);
  return async (context, next) => {
    const admission = await guard(context, (name) => context.req.header(name));
    if (!admission.isIn) {
      const { status, headers, body } = admission.answer;
      return new Response(body, { status, headers });
    }
    for (const [name, value] of Object.entries(admission.headers)) context.header(name, value);
    context.set('latchkey', admission.principal);
    await next();
    return undefined;
  };
}
