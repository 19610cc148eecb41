import type { KeyFamily } from '@latchkey/keys';
import { type Access, LatchkeyError, type Scope } from '@latchkey/protocol';

/** Who is asking, as a verified key says it. */
export interface Principal {
  readonly keyId: string;
  readonly family: KeyFamily;
  readonly scopes: readonly Scope[];
  /** The organization that the key is bound to; none for personal and admin keys. */
  readonly organizationId: string | null;
  /** The person the key acts as; none for admin keys. */
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

/**
 * Throws unless the principal's family and scopes allow the operation. What the operation may act on (which
 * organization, which key) is not checked here.
 */
export function authorize(principal: Principal, access: Extract<Access, { kind: 'key' }>): void {
  if (!access.families.includes(principal.family)) {
    throw new LatchkeyError('KEY_FAMILY_NOT_ALLOWED', {
      fill: {
        prefix: prefixOf[principal.family],
        accepted: access.families.map((family) => prefixOf[family]).join(', '),
      },
    });
  }
  if (access.scope !== undefined) requireScope(principal, access.scope);
}

/** Throws `SCOPE_MISSING`, which names the scope, unless the principal's key has it. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.includes(scope)) throw new LatchkeyError('SCOPE_MISSING', { details: { scope } });
}
