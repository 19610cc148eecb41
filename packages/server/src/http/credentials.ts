import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyRequest } from 'fastify';

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function bearer(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S.*)$/i.exec(header(request, 'authorization') ?? '')?.[1];
}

/**
 * The management key that a request carries, not verified: X-Process-Manager-Key or Authorization: Bearer. Throws
 * `CREDENTIALS_CONFLICT` when it carries several that differ, `KEY_WRONG_PLACE` when its only one is in X-API-Key.
 */
export function presentedKey(request: FastifyRequest): string | undefined {
  const own = [header(request, 'x-process-manager-key'), bearer(request)].filter(
    (value) => value !== undefined,
  );
  const misplaced = header(request, 'x-api-key');
  const all = new Set(misplaced === undefined ? own : [...own, misplaced]);
  if (all.size > 1) throw new LatchkeyError('CREDENTIALS_CONFLICT');
  if (own.length === 0 && misplaced !== undefined) {
    const fill = {
      prefix: /^c[a-z]+_/.exec(misplaced)?.[0] ?? 'something else',
      belongs: 'This operation takes its key as X-Process-Manager-Key or Authorization: Bearer.',
    };
    throw new LatchkeyError('KEY_WRONG_PLACE', { fill });
  }
  return own[0];
}
