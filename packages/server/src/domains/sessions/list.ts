import type { Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { KeyDeps, Session } from '../keys/index.ts';

/** Where somebody is signed in. */
export async function listSessions(
  { store, sessions, clock }: Pick<KeyDeps, 'store' | 'sessions' | 'clock'>,
  { userId, sessionId: current }: Session,
): Promise<Output<'sessions.list'>> {
  const live = await sessions.of(store.db, userId, clock.now());
  return {
    sessions: live.map(({ sessionId, clientId, signedInAt, expiresAt }) => ({
      sessionId,
      client: clientId,
      signedInAt: toIso(signedInAt),
      expiresAt: toIso(expiresAt),
      isCurrent: sessionId === current,
    })),
  };
}
