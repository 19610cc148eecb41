import type { Clock } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Store } from '../../storage/index.ts';
import type { Revocations } from '../revocation/index.ts';
import type { KnownKeys } from './known-keys.ts';
import type { LastUsed } from './last-used.ts';
import type { Sessions } from './sessions.ts';

/** What the operations on keys work with. */
export interface KeyDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly knownKeys: KnownKeys;
  readonly lastUsed: LastUsed;
  readonly sessions: Sessions;
  readonly revocations: Revocations;
}
