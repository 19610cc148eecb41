import type { KeyFamily } from '@latchkey/keys';
import { type CredentialAccess, type CredentialKind, LatchkeyError, type Scope } from '@latchkey/protocol';

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

function nameOf(kind: CredentialKind): string {
  return kind === 'session' ? 'a session (latchkey login)' : prefixOf[kind];
}

/**
 * Throws unless the principal's family and scopes allow the operation. What the operation may act on (which
 * organization, which key) is not checked here.
 */
export function authorize(principal: Principal, access: CredentialAccess): void {
  if (!access.families.includes(principal.family)) {
    throw new LatchkeyError(access.refusal ?? 'KEY_FAMILY_NOT_ALLOWED', {
      fill: { prefix: nameOf(principal.family), accepted: access.families.map(nameOf).join(', ') },
    });
  }
  if (access.scope !== undefined) requireScope(principal, access.scope);
}

/** Throws `SCOPE_MISSING`, which names the scope, unless the principal has it. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.includes(scope)) throw new LatchkeyError('SCOPE_MISSING', { details: { scope } });
}
