import type { KeyActivity } from '../key-activity/index.ts';
import type { KeyDeps } from '../keys/index.ts';

/** What exchanging keys for tokens works with. */
export interface TokenDeps extends KeyDeps {
  readonly keyActivity: Pick<KeyActivity, 'accept' | 'refuse' | 'refuseRequest'>;
  /** Who issues the tokens. */
  readonly publicUrl: () => string;
}
