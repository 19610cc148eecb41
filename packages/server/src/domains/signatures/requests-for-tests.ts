import { randomUUID } from 'node:crypto';
import type { SignedRequest, SigningSecret } from './scheme.ts';
import { type NewSecret, secretFromText, secretToText } from './stored-secret.ts';

export type Headers = Readonly<Record<string, string>>;

/** The moment at which test messages are signed, in the middle of a second. */
export const signedAtMs = 1_700_000_000_500;

/** A request as Node shows it. */
export function requestOf(headers: Headers, body: string | Buffer, nowMs = signedAtMs): SignedRequest {
  return { header: (name) => headers[name], body: Buffer.from(body), nowMs };
}

/** A secret as a person pastes it, stored and read back. */
export function storedSecret(pasted: NewSecret, { retired = false } = {}): SigningSecret {
  return secretFromText(secretToText(pasted), { id: randomUUID(), retired });
}
