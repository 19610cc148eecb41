import { LatchkeyError } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';

/** A signed-in person, as a verified token says it. */
export interface Session {
  readonly sessionId: string;
  readonly userId: string;
  readonly email: string;
  /** The program that they signed in with. */
  readonly clientId: string;
  readonly signedInAt: number;
  readonly expiresAt: number;
}

/** What knows the sessions of signed-in people. */
export interface Sessions {
  /** The live session of a token. Throws `SESSION_INVALID` for any other. */
  authenticate(token: string): Promise<Session>;
  /** Whether a session is still live; inside a transaction, pass that, so that no second connection is needed. */
  isLive(db: Reader, sessionId: string, now: number): Promise<boolean>;
}

/** For a server where nobody can sign in: refuses every token. */
export const noSessions: Sessions = {
  authenticate: async () => {
    throw new LatchkeyError('SESSION_INVALID');
  },
  isLive: async () => false,
};
