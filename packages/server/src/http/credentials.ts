import { type CredentialAccess, LatchkeyError } from '@latchkey/protocol';
import type { FastifyRequest } from 'fastify';
import type { Presented } from '../domains/keys/index.ts';
import { ipOf } from './caller.ts';

/** Every value that a header was sent with; `headers` itself keeps only the first Authorization of several. */
function valuesOf({ raw: { rawHeaders } }: FastifyRequest, name: string): string[] {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  );
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer +(\S.*)$/i.exec(authorization)?.[1];
}

/** Every credential that the headers of a request carry: X-Process-Manager-Key, Authorization: Bearer, X-API-Key. */
export function keysInHeaders(request: FastifyRequest): Presented[] {
  const ip = ipOf(request);
  const bearers = valuesOf(request, 'authorization').flatMap((value) => bearerOf(value) ?? []);
  return [
    ...valuesOf(request, 'x-process-manager-key').map((secret) => ({
      secret,
      ip,
      carrier: 'key-header' as const,
    })),
    ...bearers.map((secret) => ({ secret, ip, carrier: 'bearer' as const })),
    ...valuesOf(request, 'x-api-key').map((secret) => ({ secret, ip, carrier: 'api-key-header' as const })),
  ];
}

/** The one that several are, where they are the same. Throws `CREDENTIALS_CONFLICT` for several that differ. */
export function onlyOne<Key extends { readonly secret: string }>(keys: readonly Key[]): Key | undefined {
  if (new Set(keys.map(({ secret }) => secret)).size > 1) throw new LatchkeyError('CREDENTIALS_CONFLICT');
  return keys[0];
}

/** What a request carries; throws the operation's own refusal where that is nothing, and `CREDENTIALS_CONFLICT`. */
export function requirePresented(request: FastifyRequest, { unauthenticated }: CredentialAccess): Presented {
  const presented = onlyOne(keysInHeaders(request));
  if (presented === undefined) throw new LatchkeyError(unauthenticated ?? 'UNAUTHORIZED');
  return presented;
}
