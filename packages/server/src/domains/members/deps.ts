import type { Mailer } from '../../platform/mail.ts';
import type { KeyDeps } from '../keys/index.ts';

/** What the operations on members work with. */
export interface MemberDeps extends KeyDeps {
  readonly mailer: Mailer;
  /** Where callers reach the server; stands in the mail. */
  readonly publicUrl: () => string;
}
