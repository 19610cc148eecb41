import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Environment } from '@latchkey/keys';
import type { Scope } from '@latchkey/protocol';
import { createJwtSigner, publicJwk } from '../../platform/jwt.ts';
import type { SigningKey } from '../../platform/secrets.ts';

/** What a token says of the key that it was made from (RFC 9068, section 2.2). Instants are Unix seconds. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: `key:${string}`;
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly client_id: string;
  readonly key_id: string;
  readonly organization_id: string;
  readonly environment: Environment | null;
  /** Slug. */
  readonly workspace: string | null;
}

/** Tells these from other tokens that the same key signs. */
const typ = 'at+jwt';

export function signToken(key: SigningKey, claims: TokenClaims): string {
  return createJwtSigner(key, typ)(claims);
}

interface Header {
  readonly typ?: unknown;
  readonly alg?: unknown;
  readonly kid?: unknown;
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

const threeParts = /^([\w-]{1,512})\.([\w-]{1,4096})\.([\w-]{86})$/;

/**
 * Reads tokens that the key has signed; undefined for any other text. Whether one has ended is not said. Whom one names
 * as its issuer is not looked at: other processes of this server may be reached elsewhere, and nobody else has the key.
 */
export function createTokenReader(key: SigningKey): (text: string) => TokenClaims | undefined {
  const jwk = publicJwk(key);
  const publicKey: KeyObject = createPublicKey({
    key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
    format: 'jwk',
  });

  function isOurs(header: string): boolean {
    const { typ: type, alg, kid } = (jsonIn(header) ?? {}) as Header;
    return type === typ && alg === jwk.alg && kid === jwk.kid;
  }

  return (text) => {
    const [, header = '', body = '', signature = ''] = threeParts.exec(text) ?? [];
    if (!isOurs(header)) return undefined;
    const signed = Buffer.from(`${header}.${body}`);
    if (!verify(null, signed, publicKey, Buffer.from(signature, 'base64url'))) return undefined;
    return jsonIn(body) as TokenClaims;
  };
}

/** The scopes of a token. */
export function scopesIn({ scope }: TokenClaims): Scope[] {
  return scope.split(' ').filter((each) => each !== '') as Scope[];
}
