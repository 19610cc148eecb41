import { type Access, allScopes, type ErrorCode } from '@latchkey/protocol';
import { type Fields, type Place, rawRequest, requestOf } from './places.ts';

export type Headers = Record<string, string | string[]>;

/** For tests: fields that a server which believes its input would believe (CVE-2025-61928). */
const privilegedFields: Fields = {
  userId: '0'.repeat(28),
  user: { id: '0'.repeat(28), role: 'owner' },
  role: 'owner',
  admin: true,
  isAdmin: true,
  family: 'admin',
  access: { kind: 'public' },
  principal: { family: 'admin', scopes: allScopes, organizationId: null, userId: null },
  key: { principal: { family: 'admin' } },
  digest: '1.x',
  createdBy: 'owner@acme.example',
  session: { user: { id: '0'.repeat(28) } },
  internal: true,
};

/** Those that the operation does not take. */
export function privileged({ operation }: Place): [string, unknown][] {
  return Object.entries(privilegedFields).filter(([name]) => !(name in operation.input.shape));
}

export function keyAccess({ operation }: Place): Extract<Access, { kind: 'key' }> {
  const { access } = operation;
  if (access.kind !== 'key') throw new Error('only of operations that need a credential');
  return access;
}

/** What a call without a credential gets. */
export function unauthenticated(place: Place): ErrorCode {
  return keyAccess(place).unauthenticated ?? 'UNAUTHORIZED';
}

/** Whether a call names an organization, or something that belongs to one. */
export function namesTenant(place: Place): boolean {
  return ['organizationId', 'keyId', 'processInstanceId', 'projectId'].some(
    (name) => name in place.operation.input.shape,
  );
}

const strangerCodes = [
  'ROLE_REQUIRED',
  'INSTANCE_NOT_FOUND',
  'PROJECT_NOT_FOUND',
  'ORGANIZATION_NOT_FOUND',
] as const;

/** What a person gets where they do not belong: of most things they do not learn that they exist. */
export function strangerCode({ operation: { errors } }: Place): ErrorCode {
  return strangerCodes.find((code) => errors.includes(code)) ?? 'ORGANIZATION_NOT_FOUND';
}

export function withLastChanged(secret: string): string {
  return `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;
}

/** What is nearly a key. */
export function malformedOf(secret: string): Record<string, string> {
  return {
    'another word': 'letmein',
    'a prefix alone': secret.slice(0, 4),
    'cut off': secret.slice(0, -1),
    'one character too long': `${secret}0`,
    'a wrong checksum or tail': withLastChanged(secret),
    'one character changed': `${secret.slice(0, 20)}${secret[20] === 'a' ? 'b' : 'a'}${secret.slice(21)}`,
    'another case': secret.toLowerCase(),
    'another prefix': `sk_live_${secret.slice(4)}`,
    'a character that keys do not have': `${secret.slice(0, 30)}-${secret.slice(31)}`,
    'two keys in one': `${secret},${secret}`,
  };
}

/** Calls that carry a secret where no credential is looked for. */
export function bySmuggling(
  place: Place,
  input: Fields,
  secret: string,
): Record<string, ReturnType<typeof requestOf>> {
  const bare = requestOf(place, input);
  const withQuery = (query: string) => ({
    ...bare,
    url: `${bare.url}${bare.url.includes('?') ? '&' : '?'}${query}`,
  });
  const body = JSON.stringify({
    ...input,
    apiKey: secret,
    api_key: secret,
    authorization: `Bearer ${secret}`,
  });
  return {
    'Basic authorization': {
      ...bare,
      headers: { ...bare.headers, authorization: `Basic ${btoa(`${secret}:`)}` },
    },
    'authorization without a scheme': { ...bare, headers: { ...bare.headers, authorization: secret } },
    'the query': withQuery(`api_key=${secret}&key=${secret}&access_token=${secret}`),
    'a cookie': { ...bare, headers: { ...bare.headers, cookie: `key=${secret}; session=${secret}` } },
    'another header': { ...bare, headers: { ...bare.headers, 'x-latchkey-key': secret, apikey: secret } },
    ...(place.method === 'GET' ? {} : { 'the body': rawRequest(place, input, body) }),
  };
}
