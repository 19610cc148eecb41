import type { KeyUsage } from '../key-usage/index.ts';
import type { Found, KeyDeps } from '../keys/index.ts';

/** Reads tokens that were made from keys. */
export interface KeyTokens {
  /**
   * The key of a token, with no more scopes and no longer a life than the token has; absent where the token, or its key,
   * is not good; undefined for a text that is no token of this server.
   */
  factsOf(text: string): Found | undefined | Promise<Found | undefined>;
}

/** What verifying works with. */
export interface VerificationDeps extends Pick<KeyDeps, 'clock' | 'knownKeys' | 'lastUsed' | 'revocations'> {
  readonly keyUsage: Pick<KeyUsage, 'count'>;
  readonly keyTokens: KeyTokens;
}
