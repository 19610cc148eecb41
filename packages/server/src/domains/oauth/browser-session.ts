import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';

const authorizeResumePath = /^\/oauth\/authorize\/([^/]+)$/;
const resumePath = /^(?:\/oauth\/authorize|\/device)\/[^/]+$/;

/** Says whether the request begins something, or goes on where nobody has signed in yet. */
async function startsAnew(provider: Provider, method: string, path: string): Promise<boolean> {
  if (method !== 'GET') return false;
  if (path === '/oauth/authorize' || path === '/device') return true;
  const uid = authorizeResumePath.exec(path)?.[1];
  if (uid === undefined) return false;
  const interaction = await provider.Interaction.find(uid);
  return interaction !== undefined && interaction.session === undefined;
}

function withoutCookie(header: string | undefined, name: string): string {
  const kept = (header ?? '').split(/; */).filter((each) => !each.startsWith(name));
  return kept.join('; ');
}

/**
 * Keeps no one signed in in the browser: a session lasts from the sign-in to the answer that the client gets, and
 * whoever comes next proves themselves anew. The library keeps one for weeks unless told.
 */
export function endBrowserSessions(provider: Provider): void {
  const goesOn = new WeakSet<object>();
  provider.on('interaction.started', (ctx) => goesOn.add(ctx));
  const name = provider.cookieName('session');
  provider.use(async (ctx, next) => {
    if (await startsAnew(provider, ctx.method, ctx.path)) {
      ctx.req.headers.cookie = withoutCookie(ctx.req.headers.cookie, name);
      // A user code in the URL, which somebody else may have written, would be sent on without being typed.
      if (ctx.path === '/device') ctx.querystring = '';
    }
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    const answered = resumePath.test(ctx.path) && !goesOn.has(ctx);
    if (!answered || oidc?.session === undefined) return;
    await provider.Session.adapter.destroy(oidc.session.jti);
    oidc.cookies.set(name, null, { httpOnly: true, sameSite: 'lax', overwrite: true, signed: true });
  });
}
