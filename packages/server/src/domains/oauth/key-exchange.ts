import { LatchkeyError } from '@latchkey/protocol';
import type Provider from 'oidc-provider';
import { type ClientMetadata, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { exchangePresented, KeyToExchange } from '../tokens/index.ts';
import type { OauthPages } from './pages.ts';

/** RFC 8693, section 2.1. */
export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const jwtType = 'urn:ietf:params:oauth:token-type:jwt';

/** Whoever exchanges a key: a public client, since the key is what proves them. */
export const exchangeClient: ClientMetadata = {
  client_id: 'latchkey-token-exchange',
  client_name: 'Latchkey token exchange',
  token_endpoint_auth_method: 'none',
  redirect_uris: [],
  response_types: [],
  grant_types: [exchangeGrant],
};

/** Verifies a key and makes a token from it. */
export type ExchangeKey = (key: KeyToExchange) => ReturnType<typeof exchangePresented>;

const parameters = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'scope',
  'audience',
  'resource',
  'actor_token',
  'actor_token_type',
] as const;
type Parameters = Readonly<Partial<Record<(typeof parameters)[number], string>>>;

/** RFC 8693, section 2.2.2: whatever is wrong with the subject token is `invalid_request`. */
function asOauthError(error: unknown): unknown {
  if (!(error instanceof LatchkeyError) || error.status >= 500) return error;
  const isOfScope = error.code === 'INVALID_SCOPE' || error.code === 'SCOPE_ESCALATION';
  return isOfScope
    ? new errors.InvalidScope(error.message, '')
    : new errors.InvalidRequest(`the subject_token is not good: ${error.message}`);
}

function checkTypes({
  subject_token_type,
  requested_token_type,
  actor_token,
  actor_token_type,
}: Parameters): void {
  if (subject_token_type !== accessTokenType) {
    throw new errors.InvalidRequest(
      `subject_token_type must be ${accessTokenType}: the subject_token is a key`,
    );
  }
  if (![undefined, accessTokenType, jwtType].includes(requested_token_type)) {
    throw new errors.InvalidRequest('requested_token_type must be that of an access token or of a JWT');
  }
  if (actor_token !== undefined || actor_token_type !== undefined) {
    throw new errors.InvalidRequest('a key acts for itself: there is no actor_token');
  }
}

function audienceIn({ audience, resource }: Parameters): string | undefined {
  if (audience !== undefined && resource !== undefined && audience !== resource) {
    throw new errors.InvalidTarget('audience and resource name different targets');
  }
  const target = audience ?? resource;
  if (target === undefined || /^[\x21-\x7e]{1,200}$/.test(target)) return target;
  throw new errors.InvalidTarget('a target must be named by 1 to 200 visible characters');
}

/** Adds the exchange of a key for a token of minutes to the token endpoint (RFC 8693). */
export function addKeyExchange(provider: Provider, exchange: ExchangeKey, pages: OauthPages): void {
  async function answer(ctx: KoaContextWithOIDC): Promise<void> {
    const given = (ctx.oidc.params ?? {}) as Parameters;
    const { subject_token: secret, scope } = given;
    if (secret === undefined) throw new errors.InvalidRequest('subject_token is missing');
    checkTypes(given);
    const { ip } = pages.callerOf(ctx.req);
    const scopes = scope?.split(' ').filter((each) => each !== '');
    const audience = audienceIn(given);
    const made = await exchange({ secret, ip, scopes, audience }).catch((error: unknown) => {
      throw asOauthError(error);
    });
    ctx.body = {
      access_token: made.token,
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: made.expiresInSeconds,
      scope: made.scopes.join(' '),
    };
  }
  provider.registerGrantType(exchangeGrant, answer, [...parameters]);
}
