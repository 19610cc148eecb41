import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { defaultToleranceSeconds, hmacSettings, signingSchemes, toleranceSeconds } from '@latchkey/protocol';
import { z } from 'zod';
import { type PastedSecret, parseSecret } from './parse-secret.ts';
import type { SecretEncoding, SigningSecret } from './scheme.ts';

/** The text that is sealed. The bytes are there decoded: what a prefix means may change, what was meant may not. */
const storedForm = z.strictObject({
  version: z.literal(1),
  scheme: z.enum(signingSchemes),
  encoding: z.enum(['utf8', 'hex', 'base64', 'ed25519']),
  key: z.base64url(),
  toleranceSeconds,
  settings: hmacSettings.optional(),
});

/** What a person gives, and how far the clock of the sender may be off; 300 seconds unless told. */
export interface NewSecret extends PastedSecret {
  readonly toleranceSeconds?: number | undefined;
}

/** Which of the stored secrets a text is. */
export interface SecretIdentity {
  readonly id: string;
  readonly retired: boolean;
}

/**
 * The text under which a secret is kept, which holds it readably: seal it. Throws `INVALID_SIGNING_SECRET` or
 * `INVALID_REQUEST` (see `parseSecret`).
 */
export function secretToText(secret: NewSecret): string {
  const { bytes, encoding } = parseSecret(secret);
  const { scheme, settings, toleranceSeconds = defaultToleranceSeconds } = secret;
  const key = bytes.toString('base64url');
  const stored: z.input<typeof storedForm> = {
    version: 1,
    scheme,
    encoding,
    key,
    toleranceSeconds,
    settings,
  };
  return JSON.stringify(stored);
}

function keyFrom(text: string, encoding: SecretEncoding): KeyObject {
  if (encoding !== 'ed25519') return createSecretKey(Buffer.from(text, 'base64url'));
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' });
}

/** Reads what `secretToText` wrote. Throws for any other text; keep the result rather than doing this per request. */
export function secretFromText(text: string, { id, retired }: SecretIdentity): SigningSecret {
  const { scheme, encoding, key: keyText, toleranceSeconds, settings } = storedForm.parse(JSON.parse(text));
  const facts = { id, retired, encoding, toleranceSeconds, key: keyFrom(keyText, encoding) };
  if (scheme !== 'hmac') return { ...facts, scheme };
  if (settings === undefined) throw new Error('a stored HMAC secret has no settings');
  return { ...facts, scheme, settings };
}
