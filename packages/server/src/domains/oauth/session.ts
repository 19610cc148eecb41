import { LatchkeyError } from '@latchkey/protocol';
import type { AdapterPayload } from 'oidc-provider';
import type { SessionDeps } from './deps.ts';
import { apiScope, digestOf, sealPurpose } from './oauth.rules.ts';
import { deleteGrant, findSession } from './oauth.sql.ts';

/** A signed-in person, as a verified access token says it. */
export interface Session {
  readonly userId: string;
  readonly email: string;
  /** Names the session; not secret, and may be logged. */
  readonly sessionId: string;
  readonly clientId: string;
  /** When the person allowed the client, in milliseconds. */
  readonly signedInAt: number;
  /** When the session ends unless it is refreshed before, in milliseconds; the access token ends sooner. */
  readonly expiresAt: number;
}

/**
 * Verifies a presented access token, always against the database: a revoked session is refused from the moment its
 * revocation has committed. What the person may do is not checked here. Throws `SESSION_INVALID` for what is
 * unknown, expired, revoked, or was not granted the API.
 */
export async function authenticateSession(deps: SessionDeps, bearerToken: string): Promise<Session> {
  const digest = digestOf(deps.secrets, 'AccessToken', bearerToken);
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

/** Ends a session with all its tokens; says whether it was there. Safe to call twice. */
export async function revokeSession(deps: Pick<SessionDeps, 'store'>, sessionId: string): Promise<boolean> {
  return deps.store.write((trx) => deleteGrant(trx, sessionId));
}
