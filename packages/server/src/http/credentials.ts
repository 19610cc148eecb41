import { parseKey } from '@latchkey/keys';
import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyRequest } from 'fastify';

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

/**
 * The management key that a request carries, not verified: X-Process-Manager-Key or Authorization: Bearer. Throws
 * `CREDENTIALS_CONFLICT` when it carries several that differ, `KEY_WRONG_PLACE` when its only one is in X-API-Key.
 */
export function presentedKey(request: FastifyRequest): string | undefined {
  const bearers = valuesOf(request, 'authorization').map(bearerOf);
  const own = [...valuesOf(request, 'x-process-manager-key'), ...bearers].filter(
    (value) => value !== undefined,
  );
  const misplaced = valuesOf(request, 'x-api-key');
  if (new Set([...own, ...misplaced]).size > 1) throw new LatchkeyError('CREDENTIALS_CONFLICT');
  const [misplacedKey] = misplaced;
  if (own.length === 0 && misplacedKey !== undefined) {
    const fill = {
      prefix: parseKey(misplacedKey).prefix ?? 'something else',
      belongs: 'This operation takes its key as X-Process-Manager-Key or Authorization: Bearer.',
    };
    throw new LatchkeyError('KEY_WRONG_PLACE', { fill });
  }
  return own[0];
}
