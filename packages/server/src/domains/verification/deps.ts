import type { KeyActivity } from '../key-activity/index.ts';
import type { KeyUsage } from '../key-usage/index.ts';
import type { KeyDeps } from '../keys/index.ts';
import type { KeyTokens } from '../tokens/index.ts';

/** What verifying works with. */
export interface VerificationDeps extends Pick<KeyDeps, 'clock' | 'knownKeys' | 'lastUsed' | 'revocations'> {
  readonly keyActivity: Pick<KeyActivity, 'accept' | 'refuse' | 'refuseRequest'>;
  readonly keyUsage: Pick<KeyUsage, 'count'>;
  readonly keyTokens: KeyTokens;
}
