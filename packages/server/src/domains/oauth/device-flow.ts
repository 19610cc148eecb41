import type Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { secondMs } from '../../platform/clock.ts';
import { polling } from './oauth.rules.ts';
import type { OauthPages, UserCodeProblem } from './pages.ts';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

const maxShownLength = 120;

const problems: Record<string, UserCodeProblem> = {
  NoCodeError: 'missing',
  NotFoundError: 'unknown',
  ExpiredError: 'expired',
  AlreadyUsedError: 'used',
};

/** The secret that the library put into the browser session of this form. */
function formToken(ctx: KoaContextWithOIDC): string {
  return String(ctx.oidc.session?.state?.secret ?? '');
}

/**
 * Says whether the browser came with a session. Where it did not, a form would have nothing to be checked against,
 * and the library must not try to save a session that it never wrote.
 */
function hasSession({ oidc }: KoaContextWithOIDC): boolean {
  const session = oidc.session as { exp?: number; touched?: boolean } | undefined;
  if (session?.exp !== undefined) return true;
  if (session !== undefined) session.touched = false;
  return false;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, maxShownLength) : '';
}

/** The device flow (RFC 8628) with our pages. User codes have no vowels and no letters that look alike. */
export function deviceFlow(pages: OauthPages): DeviceFlow {
  return {
    enabled: true,
    charset: 'base-20',
    mask: '****-****',
    deviceInfo: (ctx) => ({
      address: pages.callerOf(ctx.req).address,
      userAgent: text(ctx.get('user-agent')),
    }),
    userCodeInputSource(ctx, _form, _out, error) {
      ctx.type = 'html';
      const lost = error !== undefined && !hasSession(ctx);
      if (error?.name === 'AbortedError') {
        ctx.body = pages.deviceDenied();
        return;
      }
      if (lost) {
        ctx.body = pages.problem({
          title: 'This sign-in is over',
          text: 'It took too long, or was begun in another browser. Start again on your device.',
        });
        return;
      }
      const problem = error && (problems[error.name] ?? 'failed');
      const userCode = text((error as { userCode?: unknown } | undefined)?.userCode);
      ctx.body = pages.deviceInput({ token: formToken(ctx), ...(problem && { problem }), userCode });
    },
    userCodeConfirmSource(ctx, _form, client, info, userCode) {
      ctx.type = 'html';
      const { params } = ctx.oidc.entities.DeviceCode ?? {};
      const device = {
        clientName: client.clientName ?? client.clientId,
        userCode,
        address: text(info.address),
        userAgent: text(info.userAgent),
        scopes: text(params?.scope).split(' '),
      };
      ctx.body = pages.deviceConfirm({ token: formToken(ctx), device });
    },
    successSource(ctx) {
      ctx.type = 'html';
      const { client } = ctx.oidc;
      ctx.body = pages.deviceAllowed(client?.clientName ?? client?.clientId ?? '');
    },
  };
}

/**
 * Tells devices how often to ask, and leaves out the address with the user code in it: a code belongs into no URL,
 * and who has to type it has read it from their own device (RFC 8628, 5.4).
 */
export function describePolling(provider: Provider): void {
  provider.on('device_authorization.success', (_ctx, body) => {
    delete body.verification_uri_complete;
    body.interval = polling.intervalMs / secondMs;
  });
}
