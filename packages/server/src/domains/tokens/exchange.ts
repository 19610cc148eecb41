import type { Input, Output } from '@latchkey/protocol';
import { secondMs, toIso } from '../../platform/clock.ts';
import { decodeScopes } from '../../storage/index.ts';
import { type AuthenticatedKey, parseScopes, refuseEscalation, type VerifiedRow } from '../keys/index.ts';
import { slugOf } from '../workspaces/index.ts';
import { signToken, type TokenClaims } from './claims.ts';
import type { TokenDeps } from './deps.ts';

type Exchange = Input<'tokens.exchange'>;

/** No later than the key itself ends; what is not decided yet cannot be held to. */
function endOf({ expires_at, ends_at }: VerifiedRow, wantedMs: number): number {
  return Math.min(wantedMs, expires_at ?? wantedMs, ends_at ?? wantedMs);
}

async function placeOf(
  { store }: TokenDeps,
  { row }: AuthenticatedKey,
): Promise<Pick<TokenClaims, 'organization_id' | 'environment' | 'workspace'>> {
  const { organization_id, environment, workspace_id } = row;
  if (organization_id === null) throw new Error('a key of an organization or of an environment');
  const workspace = workspace_id === null ? null : await slugOf(store.db, workspace_id);
  return { organization_id, environment, workspace };
}

/**
 * Makes a token of minutes from a key that was verified, with all its scopes or fewer. It is kept nowhere: it ends with
 * its key for whoever asks the server, or verifies with a lease. Throws `INVALID_SCOPE` and `SCOPE_ESCALATION`.
 */
export async function exchangeKey(
  deps: TokenDeps,
  credential: AuthenticatedKey,
  { scopes: wanted, audience, ttlSeconds }: Exchange,
): Promise<Output<'tokens.exchange'>> {
  const { row } = credential;
  const held = decodeScopes(row.scopes);
  const scopes = wanted === undefined ? held : parseScopes(wanted, 'organization');
  refuseEscalation(scopes, new Set(held));
  const now = deps.clock.now();
  const exp = Math.floor(endOf(row, now + ttlSeconds * secondMs) / secondMs);
  const issuer = deps.publicUrl();
  const token = signToken(deps.secrets.principalKey, {
    iss: issuer,
    sub: `key:${row.id}`,
    aud: audience ?? issuer,
    exp,
    iat: Math.floor(now / secondMs),
    jti: deps.random.uuid(),
    scope: scopes.join(' '),
    client_id: row.id,
    key_id: row.id,
    ...(await placeOf(deps, credential)),
  });
  return { token, tokenType: 'Bearer', expiresAt: toIso(exp * secondMs), scopes: [...scopes] };
}
