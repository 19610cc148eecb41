import type { Mailer } from '../../platform/mail.ts';
import type { CreateOrganizationDeps } from '../accounts/index.ts';
import type { KeyDeps } from '../keys/index.ts';
import type { SpentLimits } from '../limits/index.ts';

/** What signing up and logging in by emailed code work with. */
export interface OtpDeps extends CreateOrganizationDeps, Pick<KeyDeps, 'secrets' | 'random' | 'revocations'> {
  readonly mailer: Mailer;
  readonly spentLimits: SpentLimits;
}

/** Where a request came from. */
export interface Caller {
  /** The network address that per-address limits count; an IPv6 address stands for its /64. */
  readonly address: string;
  /** The network address itself. */
  readonly ip: string;
  /** The User-Agent, cleaned; empty where there was none. */
  readonly client: string;
  /** Also in the answer and in the log. */
  readonly requestId: string;
}
