import { LatchkeyError } from '@latchkey/protocol';
import type { AdapterPayload } from 'oidc-provider';
import type { Session, Sessions } from '../keys/index.ts';
import type { SessionDeps } from './deps.ts';
import { apiScope, digestOf, sealPurpose } from './oauth.rules.ts';
import { findSession, isLiveGrant } from './oauth.sql.ts';

/**
 * Verifies a presented access token, always against the database: a revoked session is refused from the moment its
 * revocation has committed. What the person may do is not checked here. Throws `SESSION_INVALID` for what is
 * unknown, expired, revoked, or was not granted the API.
 */
async function authenticate(deps: SessionDeps, token: string): Promise<Session> {
  const digest = digestOf(deps.secrets, 'AccessToken', token);
  const row = await findSession(deps.store.db, digest);
  const now = deps.clock.now();
  if (row === undefined || row.tokenExpiresAt <= now || row.sessionExpiresAt <= now) {
    throw new LatchkeyError('SESSION_INVALID');
  }
  const sealed = deps.secrets.unseal(row.payloadSealed, sealPurpose('AccessToken', digest));
  const { clientId, scope } = JSON.parse(sealed) as AdapterPayload;
  if (clientId === undefined || !scope?.split(' ').includes(apiScope)) {
    throw new LatchkeyError('SESSION_INVALID', { internal: 'the token was not granted the API' });
  }
  return {
    userId: row.userId,
    email: row.email,
    sessionId: row.grantDigest,
    clientId,
    signedInAt: row.signedInAt,
    expiresAt: row.sessionExpiresAt,
  };
}

/** The sessions that the authorization server began. */
export function createSessions(deps: SessionDeps): Sessions {
  return { authenticate: (token) => authenticate(deps, token), isLive: isLiveGrant };
}
