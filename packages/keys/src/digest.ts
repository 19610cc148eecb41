import { createHmac, type KeyObject } from 'node:crypto';

/**
 * HMAC-SHA256 of the whole secret, base64url (43 characters): what a database keeps in place of it.
 *
 * The pepper is a `KeyObject` because a `Buffer` is checked anew on each call, ten times the cost on Node 24.
 * No salt: the secret has 256 random bits, and the digest must be the same each time to be looked up.
 */
export function digestKey(secret: string, pepper: KeyObject): string {
  return createHmac('sha256', pepper).update(secret).digest('base64url');
}
