import type { Logger } from '../../platform/logger.ts';
import type { Mailer } from '../../platform/mail.ts';
import type { KeyDeps } from '../keys/index.ts';
import type { SpentLimits } from '../limits/index.ts';

/** What ending a key that is in hand works with. */
export interface EndingDeps extends KeyDeps {
  readonly mailer: Mailer;
  readonly spentLimits: SpentLimits;
  readonly log: Logger;
}
