import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import type { Secrets } from '../../platform/secrets.ts';
import { keepOnce, type Store } from '../../storage/index.ts';

/** A private key as a JSON Web Key. */
export type SigningKey = webcrypto.JsonWebKey;

const place = 'oauth-signing-key';

/**
 * The key that ID tokens are signed with: ES256, made on first use and kept sealed. Of several processes that start
 * on an empty database, all use the one that came first.
 */
export async function loadSigningKey(store: Store, secrets: Secrets): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' });
  const kept = await store.write((trx) => keepOnce(trx, place, secrets.seal(jwk, place)));
  return JSON.parse(secrets.unseal(kept, place)) as SigningKey;
}
