import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** What an identity says beside who it is for and how long it is good. */
export interface Identity extends JWTPayload {
  readonly key_id: string;
  readonly key_name: string;
  readonly family: string;
  readonly organization_id: string;
  readonly user_id: string | null;
  readonly instance_id: string | null;
  readonly scopes: readonly string[];
  readonly environment: string | null;
  readonly workspace: string | null;
}

/** Every value of the header, in whatever spelling another server could read as it: `X_Latchkey_Identity`, too. */
function identitiesIn(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = index % 2 === 1 ? rawHeaders[index - 1] : undefined;
    return name?.toLowerCase().replace(/[^a-z0-9]/g, '-') === 'x-latchkey-identity';
  });
}

/**
 * Checks who comes, by `rawHeaders` of a request of node:http. `latchkeyUrl` is the public URL of Latchkey, `audience`
 * what the proxy asks for. Throws where there is not exactly one identity, or it is not Latchkey that says so.
 */
export function createIdentityCheck(
  latchkeyUrl: string,
  audience: string,
): (rawHeaders: readonly string[]) => Promise<Identity> {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', latchkeyUrl));
  return async (rawHeaders) => {
    const [token, ...others] = identitiesIn(rawHeaders);
    if (token === undefined || others.length > 0) throw new Error('there is not exactly one identity');
    const { payload } = await jwtVerify<Identity>(token, keys, {
      issuer: latchkeyUrl,
      audience,
      // One key signs several kinds of token: no other may pass for this one.
      typ: 'latchkey-identity+jwt',
      algorithms: ['EdDSA'],
    });
    return payload;
  };
}
