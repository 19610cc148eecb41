import type { EventEmitter } from 'node:events';
import type Provider from 'oidc-provider';
import type { Logger } from '../../platform/logger.ts';
import { endBrowserSessions } from './browser-session.ts';
import type { OauthDeps } from './deps.ts';
import { describePolling } from './device-flow.ts';
import { addKeyExchange } from './key-exchange.ts';
import type { OauthPages } from './pages.ts';
import { limitRequests } from './request-limits.ts';
import { loadSigningKey } from './signing-key.ts';

/**
 * Loads the library when it is first needed: a server that nobody signs in to never pays for it. It warns on stderr
 * of any Node release that carries no LTS name yet, where every line is to be JSON; the log takes that.
 */
async function loadLibrary(log: Logger): Promise<typeof import('./provider.ts')> {
  const { warn } = console;
  console.warn = (text: unknown) => log.debug(String(text));
  try {
    return await import('./provider.ts');
  } finally {
    console.warn = warn;
  }
}

/** The library knows several ways to answer; here there is one, also for errors, which need no script to arrive. */
function answerByQuery(provider: Provider): void {
  provider.use(async (ctx, next) => {
    const { response_mode: mode } = ctx.query;
    if (ctx.path === '/oauth/authorize' && mode !== undefined && mode !== 'query') {
      ctx.query = { ...ctx.query, response_mode: 'none' };
    }
    await next();
    if (ctx.path.startsWith('/.well-known/') && typeof ctx.body === 'object') {
      Object.assign(ctx.body as object, { response_modes_supported: ['query'] });
    }
  });
}

async function build(
  issuer: string,
  deps: OauthDeps & { log: Logger },
  pages: OauthPages,
): Promise<Provider> {
  const { createProvider } = await loadLibrary(deps.log);
  const provider = createProvider(issuer, deps, pages, await loadSigningKey(deps.store, deps.secrets));
  answerByQuery(provider);
  endBrowserSessions(provider);
  limitRequests(provider, deps, pages);
  describePolling(provider);
  addKeyExchange(provider, deps.exchangeKey, pages);
  const report = (err: unknown) => deps.log.error({ err }, 'the authorization server failed');
  provider.on('server_error', (_ctx, error) => report(error));
  // Koa's own event, which the types of the library leave out.
  (provider as EventEmitter).on('error', report);
  return provider;
}

/**
 * The authorization server, made when it is first asked for: the issuer is the public URL, which may be known only
 * once the server listens.
 */
export function createOauthServer(
  deps: OauthDeps & { log: Logger },
  pages: OauthPages,
): () => Promise<Provider> {
  let built: { issuer: string; provider: Promise<Provider> } | undefined;
  return () => {
    const issuer = deps.publicUrl();
    if (built?.issuer !== issuer) {
      const provider = build(issuer, deps, pages);
      built = { issuer, provider };
      // A database that was away for a moment must not keep everybody out for good.
      provider.catch(() => {
        if (built?.provider === provider) built = undefined;
      });
    }
    return built.provider;
  };
}
