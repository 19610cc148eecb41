import type { Engine } from '../../engines/engine.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Store } from '../../storage/index.ts';

/** What executions are begun, handed on and ended with. */
export interface ExecutionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly engine: Engine;
  /** Where callbacks are to reach this server. */
  readonly publicUrl: () => string;
}
