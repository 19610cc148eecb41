import type { Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { decodeScopes } from '../../storage/index.ts';
import type { AuthenticatedKey, AuthenticatedSession, Credential } from './authenticate.ts';

const types = {
  organization: 'org-api-key',
  personal: 'personal-api-key',
  admin: 'admin-api-key',
} as const;

function whoseSession({ principal, session }: AuthenticatedSession): Output<'keys.whoami'> {
  return {
    type: 'session',
    email: session.email,
    scopes: [...principal.scopes],
    createdAt: toIso(session.signedInAt),
    expiresAt: toIso(session.expiresAt),
  };
}

/** Says whose key it is; organization fields only for a key that is bound to one (contract/codika.md D.9). */
export function whoami(credential: Credential): Output<'keys.whoami'> {
  return credential.kind === 'session' ? whoseSession(credential) : whoseKey(credential);
}

function whoseKey({ row, organizationName }: AuthenticatedKey): Output<'keys.whoami'> {
  if (row.family === 'instance' || row.family === 'environment') throw new Error('not a management key');
  return {
    type: types[row.family],
    ...(row.organization_id !== null && { organizationId: row.organization_id }),
    ...(organizationName !== null && { organizationName }),
    keyId: row.id,
    keyName: row.name,
    keyPrefix: row.prefix,
    scopes: decodeScopes(row.scopes),
    createdAt: toIso(row.created_at),
    ...(row.expires_at !== null && { expiresAt: toIso(row.expires_at) }),
  };
}
