import { createHash, sign } from 'node:crypto';
import type { SigningKey } from './secrets.ts';

/** A public key as the set of them is published (RFC 7517, RFC 8037). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** The key that tokens are checked with; `kid` is its thumbprint (RFC 7638). */
export function publicJwk({ publicKey: x }: Pick<SigningKey, 'publicKey'>): PublicJwk {
  const members = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  const kid = createHash('sha256').update(members).digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/**
 * Signs claims: a JWT (RFC 7519) with EdDSA. One key signs several kinds of token, which their `typ` tells apart, so
 * that none can stand in for another (RFC 8725, 3.11).
 */
export function createJwtSigner(key: SigningKey, typ: string): (claims: object) => string {
  const header = encode({ alg: 'EdDSA', typ, kid: publicJwk(key).kid });
  return (claims) => {
    const signed = `${header}.${encode(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
  };
}
