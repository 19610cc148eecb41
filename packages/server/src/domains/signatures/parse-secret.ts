import { type HmacSettings, LatchkeyError, type SigningScheme } from '@latchkey/protocol';
import { decodeBase64, decodeHex } from './encoding.ts';
import { knownMistake } from './known-mistakes.ts';
import type { SecretEncoding } from './scheme.ts';

/** What a person gives for a new signing secret. */
export interface PastedSecret {
  readonly scheme: SigningScheme;
  readonly secret: string;
  /** There for `hmac`, and for nothing else. */
  readonly settings?: HmacSettings | undefined;
}

/** The bytes of a secret with the way in which they were written, so that nobody has to guess it again. */
export interface ParsedSecret {
  readonly bytes: Buffer;
  readonly encoding: SecretEncoding;
}

const minStandardBytes = 16;
const minTextBytes = 8;
const maxBytes = 512;
const ed25519Bytes = 32;

function unusable(problem: string): LatchkeyError {
  return new LatchkeyError('INVALID_SIGNING_SECRET', { details: { problem } });
}

function ofLength(bytes: Buffer, minBytes: number): Buffer {
  if (bytes.length < minBytes) {
    throw unusable(`it is too short: ${bytes.length} bytes, where at least ${minBytes} are needed.`);
  }
  if (bytes.length > maxBytes) throw unusable(`it is too long: more than ${maxBytes} bytes.`);
  return bytes;
}

function fromBase64(text: string): Buffer {
  if (/[-_]/.test(text))
    throw unusable('it is written in base64url (- and _), where base64 (+ and /) is needed.');
  const bytes = decodeBase64(text);
  if (bytes === undefined)
    throw unusable('it is not base64. A character is missing, or one too many was copied.');
  return bytes;
}

function fromHex(text: string): Buffer {
  const bytes = decodeHex(text);
  if (bytes === undefined) throw unusable('it is not hex: only 0 to 9 and a to f, an even number of them.');
  return bytes;
}

function parsePublicKey(text: string): ParsedSecret {
  const bytes = fromBase64(text);
  if (bytes.length === ed25519Bytes) return { bytes, encoding: 'ed25519' };
  throw unusable(`it is no Ed25519 public key: ${bytes.length} bytes, where ${ed25519Bytes} are needed.`);
}

function parseStandard(text: string): ParsedSecret {
  if (text.startsWith('whpk_')) return parsePublicKey(text.slice('whpk_'.length));
  if (!text.startsWith('whsec_')) throw unusable('it does not start with whsec_ or whpk_.');
  return { bytes: ofLength(fromBase64(text.slice('whsec_'.length)), minStandardBytes), encoding: 'base64' };
}

/** Stripe signs with the text as it stands, prefix included. */
function parseStripe(text: string): ParsedSecret {
  if (!text.startsWith('whsec_')) throw unusable('it does not start with whsec_.');
  ofLength(Buffer.from(text.slice('whsec_'.length)), minStandardBytes);
  return { bytes: ofLength(Buffer.from(text), minStandardBytes), encoding: 'utf8' };
}

function parseText(text: string): ParsedSecret {
  return { bytes: ofLength(Buffer.from(text), minTextBytes), encoding: 'utf8' };
}

function parseBySettings(text: string, { secretEncoding }: HmacSettings): ParsedSecret {
  if (secretEncoding === 'utf8') return parseText(text);
  const bytes = secretEncoding === 'hex' ? fromHex(text) : fromBase64(text);
  return { bytes: ofLength(bytes, minTextBytes), encoding: secretEncoding };
}

/**
 * Reads a signing secret as a person pasted it, with white space around it or not. Everything else that is known to be
 * a mistake is refused with its name rather than mended, so that what is stored is what the sender has.
 *
 * Throws `INVALID_SIGNING_SECRET`, which tells the mistake and nothing of the text; `INVALID_REQUEST` where settings
 * are missing, or given for a scheme that has none.
 */
export function parseSecret({ scheme, secret, settings }: PastedSecret): ParsedSecret {
  if ((scheme === 'hmac') !== (settings !== undefined)) {
    const problem = 'the settings of an HMAC go with the scheme hmac, and only with it.';
    throw new LatchkeyError('INVALID_REQUEST', { details: { problem } });
  }
  const text = secret.trim();
  const mistake = knownMistake(scheme, text);
  if (mistake !== undefined) throw unusable(mistake);
  if (settings !== undefined) return parseBySettings(text, settings);
  if (scheme === 'standard') return parseStandard(text);
  return scheme === 'stripe' ? parseStripe(text) : parseText(text);
}
