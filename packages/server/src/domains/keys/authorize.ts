import { type CredentialAccess, type CredentialKind, LatchkeyError } from '@latchkey/protocol';
import { refusalOf } from '../key-activity/index.ts';
import type { Credential } from './authenticate.ts';
import { prefixOf } from './principal.ts';

function nameOf(kind: CredentialKind): string {
  return kind === 'session' ? 'a session (latchkey login)' : prefixOf[kind];
}

/**
 * Throws unless the family and the scopes of a credential allow the operation. What the operation may act on (which
 * organization, which key) is not checked here.
 */
export function authorize(credential: Credential, { families, refusal, scope }: CredentialAccess): void {
  const { family, scopes } = credential.principal;
  if (!families.includes(family)) {
    throw new LatchkeyError(refusal ?? 'KEY_FAMILY_NOT_ALLOWED', {
      fill: { prefix: nameOf(family), accepted: families.map(nameOf).join(', ') },
    });
  }
  if (scope === undefined || scopes.includes(scope)) return;
  const error = new LatchkeyError('SCOPE_MISSING', { details: { scope } });
  throw credential.kind === 'key' ? refusalOf(error, credential.counted) : error;
}
