import Provider, { type ClientMetadata, type Configuration, errors, interactionPolicy } from 'oidc-provider';
import { OauthAdapter } from './adapter.ts';
import { allowOwnPages } from './consent.ts';
import type { OauthDeps } from './deps.ts';
import { deviceFlow } from './device-flow.ts';
import { exchangeClient } from './key-exchange.ts';
import {
  apiScope,
  cliClientId,
  dashboardCallbackPath,
  dashboardClientId,
  dashboardSessionSeconds,
  lifeSeconds,
  scopeMeanings,
} from './oauth.rules.ts';
import { findUserById } from './oauth.sql.ts';
import type { OauthPages } from './pages.ts';
import type { SigningKey } from './signing-key.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** RFC 8252: any port of a loopback address; the library compares the rest exactly. */
const commandLine: ClientMetadata = {
  client_id: cliClientId,
  client_name: 'Latchkey command line',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
  response_types: ['code'],
  response_modes: ['query'],
  grant_types: ['authorization_code', 'refresh_token', deviceGrant],
};

/** It gets no refresh token: its access token is the browser's cookie, and ends when the session does. */
function dashboardOf(issuer: string): ClientMetadata {
  return {
    client_id: dashboardClientId,
    client_name: 'Latchkey dashboard',
    application_type: 'web',
    token_endpoint_auth_method: 'none',
    redirect_uris: [issuer + dashboardCallbackPath],
    response_types: ['code'],
    response_modes: ['query'],
    grant_types: ['authorization_code'],
  };
}

function clientsOf({ settings }: OauthDeps, issuer: string): ClientMetadata[] {
  const introspecting = settings.introspectionClients.map(({ id, secret }) => ({
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_basic' as const,
    redirect_uris: [],
    response_types: [],
    grant_types: [],
  }));
  return [commandLine, dashboardOf(issuer), exchangeClient, ...introspecting];
}

/** Whoever opens a sign-in proves themselves, also in a browser where somebody did before. */
function signInEveryTime(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const check = new interactionPolicy.Check(
    'not_signed_in_now',
    'the person has to sign in',
    'login_required',
    ({ oidc }) => oidc.result?.login === undefined,
  );
  policy.get('login')?.checks.add(check);
  return policy;
}

/** The one resource that tokens are for (RFC 8707); they are opaque, so that revoking them is real. */
function resourceIndicators(issuer: string): NonNullable<Configuration['features']>['resourceIndicators'] {
  const ours = new Set([issuer, `${issuer}/`]);
  return {
    enabled: true,
    defaultResource: async (_ctx, _client, oneOf) => oneOf ?? issuer,
    useGrantedResource: async () => true,
    async getResourceServerInfo(_ctx, resource) {
      if (!ours.has(resource)) throw new errors.InvalidTarget();
      return {
        scope: apiScope,
        audience: issuer,
        accessTokenFormat: 'opaque',
      };
    },
  };
}

function features(issuer: string, pages: OauthPages): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
    deviceFlow: deviceFlow(pages),
    resourceIndicators: resourceIndicators(issuer),
    revocation: {
      enabled: true,
      allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
    },
    introspection: {
      enabled: true,
      // Everybody can call themselves a public client; such a one learns nothing about any token.
      allowedPolicy: async (_ctx, client) => client.clientAuthMethod !== 'none',
    },
  };
}

/** The settings of the library for one issuer. `basePath` is where the issuer's URL has its root. */
function configuration(
  issuer: string,
  deps: OauthDeps,
  pages: OauthPages,
  signingKey: SigningKey,
): Configuration {
  const basePath = new URL(issuer).pathname.replace(/\/$/, '');
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    adapter: (kind) => new OauthAdapter(deps, kind, pages.callerOf),
    clients: clientsOf(deps, issuer),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    clientBasedCORS: () => false,
    clockTolerance: 0,
    // The ID token is all that a client learns of the person here: there is no userinfo endpoint.
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    scopes: Object.keys(scopeMeanings),
    responseTypes: ['code'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    jwks: { keys: [signingKey as never] },
    cookies: {
      keys: [deps.secrets.cookieKey.export().toString('base64url')],
      names: {
        session: 'latchkey_session',
        interaction: 'latchkey_interaction',
        resume: 'latchkey_resume',
      },
      long: cookie,
      short: cookie,
    },
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      device_authorization: '/oauth/device',
      code_verification: '/device',
      revocation: '/oauth/revoke',
      introspection: '/oauth/introspect',
      jwks: '/oauth/jwks',
    },
    ttl: {
      ...lifeSeconds,
      AccessToken: (_ctx, _token, { clientId }) =>
        clientId === dashboardClientId ? dashboardSessionSeconds : lifeSeconds.AccessToken,
    },
    features: features(issuer, pages),
    interactions: {
      policy: signInEveryTime(),
      url: (_ctx, interaction) => `${basePath}/oauth/interaction/${interaction.uid}`,
    },
    async findAccount(_ctx, id) {
      const user = await findUserById(deps.store.db, id);
      if (user === undefined) return undefined;
      return { accountId: id, claims: async () => ({ sub: id, email: user.email, email_verified: true }) };
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    // A session outlives the browser's; it ends by itself, by logging out or by being revoked.
    expiresWithSession: async () => false,
    revokeGrantPolicy: () => true,
    // Each sign-in is a grant of its own, so that ending one leaves the others.
    async loadExistingGrant(ctx) {
      const grantId =
        ctx.oidc.result?.consent?.grantId ?? (await allowOwnPages(deps, ctx, pages.callerOf(ctx.req)));
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = pages.problem({
        title: 'This sign-in cannot go on',
        text: `${out.error_description ?? out.error}. Go back to the program that sent you here and start again.`,
      });
    },
  };
}

/** Makes the authorization server for an issuer; its middleware is added by the caller. */
export function createProvider(
  issuer: string,
  deps: OauthDeps,
  pages: OauthPages,
  signingKey: SigningKey,
): Provider {
  const provider = new Provider(issuer, configuration(issuer, deps, pages, signingKey));
  // The mount puts the issuer's own scheme and host where the library reads them (http/oauth/mount.ts).
  provider.proxy = true;
  provider.silent = true;
  return provider;
}
