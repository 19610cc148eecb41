import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import type { Settings } from './settings.ts';

/** Somebody other than Latchkey sent this, or it was changed or delayed on the way. */
export class NotGenuine extends Error {}

/** The keys of Latchkey could not be had: nothing is known about the request, and it may be sent again. */
export class KeysUnavailable extends Error {}

const ofTheKeys = [errors.JWKSTimeout, errors.JWKSInvalid];

function isOfTheToken(error: unknown): boolean {
  const generic = error instanceof errors.JOSEError && error.code === errors.JOSEError.code;
  return error instanceof errors.JOSEError && !generic && !ofTheKeys.some((kind) => error instanceof kind);
}

/**
 * Makes the check of what arrives: the signature of Standard Webhooks says that the sender has our secret, the signed
 * principal says which Latchkey sent these very bytes to this very server. It throws `NotGenuine` or `KeysUnavailable`.
 */
export function createVerifier({ latchkeyUrl, webhookSecret, origin }: Settings) {
  const webhook = new Webhook(webhookSecret);
  // Fetched once, and again when a key is named that is not among them.
  const keys = createRemoteJWKSet(new URL(`${latchkeyUrl}/.well-known/jwks.json`));
  const expected = {
    issuer: latchkeyUrl,
    audience: origin,
    algorithms: ['EdDSA'],
    requiredClaims: ['exp', 'body_sha256'],
  };

  function verifySignature(headers: IncomingHttpHeaders, body: Buffer): void {
    try {
      webhook.verify(body, headers as Record<string, string>, { jsonParse: false });
    } catch (cause) {
      throw new NotGenuine('The webhook signature is not good.', { cause });
    }
  }

  async function verifyPrincipal(token: string, body: Buffer): Promise<void> {
    const { payload } = await jwtVerify(token, keys, expected).catch((cause: unknown) => {
      if (isOfTheToken(cause)) throw new NotGenuine('The principal is not good.', { cause });
      throw new KeysUnavailable('The keys of Latchkey cannot be had.', { cause });
    });
    const digest = createHash('sha256').update(body).digest('hex');
    if (payload.body_sha256 !== digest) throw new NotGenuine('The principal belongs to another body.');
  }

  return async (headers: IncomingHttpHeaders, body: Buffer): Promise<void> => {
    verifySignature(headers, body);
    await verifyPrincipal(String(headers['x-latchkey-principal'] ?? ''), body);
  };
}
