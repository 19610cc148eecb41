import type { Reader, Writer } from '../../storage/index.ts';

/** A signed-in person, as a verified access token says it. */
export interface Session {
  /** Names the session; not secret, and may be logged. */
  readonly sessionId: string;
  readonly userId: string;
  readonly email: string;
  /** The program that they signed in with. */
  readonly clientId: string;
  /** When the person allowed the program, in milliseconds. */
  readonly signedInAt: number;
  /** When the session ends unless it is used before, in milliseconds; the access token ends sooner. */
  readonly expiresAt: number;
}

/** A session as its person is told of it. */
export interface LiveSession {
  readonly sessionId: string;
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
  /** Those of a person that have not ended, newest first. */
  of(db: Reader, userId: string, now: number): Promise<LiveSession[]>;
  /** Ends a session with all its tokens; says whether this call did it. */
  end(trx: Writer, sessionId: string): Promise<boolean>;
}
