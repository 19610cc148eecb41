import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyRequest } from 'fastify';

/** A string of RFC 9651, as the draft "The Idempotency-Key HTTP Header Field" has it; also without its quotes. */
const form = /^(?:"(?<quoted>[\x21\x23-\x5b\x5d-\x7e]{1,255})"|(?<bare>[\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;

/** The name that a request gives itself; undefined where it gives none. Throws `INVALID_REQUEST` for what is no such name. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const value = headers['idempotency-key'];
  if (value === undefined) return undefined;
  const { quoted, bare } = form.exec(String(value))?.groups ?? {};
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  throw new LatchkeyError('INVALID_REQUEST', {
    details: { problem: 'Idempotency-Key: must be 1 to 255 visible characters.' },
  });
}
