import type { KeyFamily } from '@latchkey/keys';
import { type CredentialKind, LatchkeyError, type Scope } from '@latchkey/protocol';

/** Who is asking, as a verified key or session says it. */
export interface Principal {
  readonly family: CredentialKind;
  /** None for a session. */
  readonly keyId: string | null;
  /** None for a key. */
  readonly sessionId: string | null;
  /** What the credential itself allows; a session allows everything, its user's role decides. */
  readonly scopes: readonly Scope[];
  /** The organization that a key is bound to; none for personal and admin keys and for sessions. */
  readonly organizationId: string | null;
  /** The person it acts as; none for admin keys. */
  readonly userId: string | null;
}

/** The prefix of each family, for messages. */
export const prefixOf: Record<KeyFamily, string> = {
  organization: 'cko_',
  personal: 'ckp_',
  admin: 'cka_',
  instance: 'ck_',
  environment: 'ck_dev_, ck_sandbox_ or ck_live_',
};

/** Throws `SCOPE_MISSING`, which names the scope, unless the principal has it. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.includes(scope)) throw new LatchkeyError('SCOPE_MISSING', { details: { scope } });
}
