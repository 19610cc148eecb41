import { LatchkeyError } from '@latchkey/protocol';
import type { AdapterPayload } from 'oidc-provider';
import type { LiveSession, Session, Sessions } from '../keys/index.ts';
import type { SessionDeps } from './deps.ts';
import { apiScope, digestOf, sealPurpose } from './oauth.rules.ts';
import { deleteGrant, findSession, grantsOf, isLiveGrant, type OauthRecord } from './oauth.sql.ts';

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

function liveSession({ secrets }: SessionDeps, grant: OauthRecord): LiveSession {
  const { digest, payload_sealed: sealed, created_at: signedInAt, expires_at: expiresAt } = grant;
  const { clientId = '' } = JSON.parse(
    secrets.unseal(sealed, sealPurpose('Grant', digest)),
  ) as AdapterPayload;
  return { sessionId: digest, clientId, signedInAt, expiresAt };
}

/** The sessions that the authorization server began. */
export function createSessions(deps: SessionDeps): Sessions {
  return {
    authenticate: (token) => authenticate(deps, token),
    isLive: isLiveGrant,
    async of(db, userId, now) {
      return (await grantsOf(db, userId, now)).map((grant) => liveSession(deps, grant));
    },
    end: async (trx, sessionId) => (await deleteGrant(trx, sessionId)) !== undefined,
  };
}
