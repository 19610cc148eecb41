import { LatchkeyError } from '@latchkey/protocol';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { type Limit, spend, uncountOne } from '../limits/index.ts';
import type { OauthDeps } from './deps.ts';
import { deviceRequests, signInRequests, wrongUserCodes } from './oauth.rules.ts';
import type { OauthPages } from './pages.ts';

const typesUserCode = 'POST /device';

/** What one network address may do how often: whatever writes rows for callers who have proved nothing. */
const limits: Readonly<Record<string, (address: string) => Limit>> = {
  'GET /oauth/authorize': signInRequests,
  'POST /oauth/device': deviceRequests,
  [typesUserCode]: wrongUserCodes,
};

function refuse(ctx: KoaContextWithOIDC, error: LatchkeyError, pages: OauthPages): void {
  const seconds = Number(error.details?.retryInSeconds);
  ctx.status = error.status;
  ctx.set('retry-after', String(seconds));
  if (ctx.path === '/oauth/device') {
    ctx.body = { error: 'temporarily_unavailable', error_description: error.message };
    return;
  }
  const what = ctx.path === '/device' ? 'codes were tried' : 'sign-ins were begun';
  ctx.type = 'html';
  ctx.body = pages.problem({
    title: `Too many ${what}`,
    text: `Too many ${what} from your network address. Wait ${Math.ceil(seconds / 60)} minutes, then try again.`,
  });
}

/**
 * Limits what one address can begin or try. A user code is counted before it is looked up and given back when it was
 * right, so that no number of requests at once tries more.
 */
export function limitRequests(provider: Provider, deps: OauthDeps, pages: OauthPages): void {
  provider.use(async (ctx, next) => {
    const place = `${ctx.method} ${ctx.path}`;
    const limit = limits[place]?.(pages.callerOf(ctx.req).address);
    if (limit === undefined) return next();
    try {
      await deps.store.write((trx) => spend(trx, limit, deps.clock.now(), 'IP_RATE_LIMITED'));
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      return refuse(ctx as KoaContextWithOIDC, error, pages);
    }
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (place === typesUserCode && oidc?.entities.DeviceCode !== undefined) {
      await deps.store.write((trx) => uncountOne(trx, limit.name));
    }
  });
}
