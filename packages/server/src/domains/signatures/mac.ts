import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { Claim } from './scheme.ts';

/** How encoders write the MAC of each algorithm; the last character of base64 has bits that they leave at zero. */
const forms: Readonly<Record<Claim['algorithm'], Readonly<Record<Claim['encoding'], RegExp>>>> = {
  sha1: {
    hex: /^[0-9a-f]{40}$/,
    base64: /^[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=$/,
    base64url: /^[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]$/,
  },
  sha256: {
    hex: /^[0-9a-f]{64}$/,
    base64: /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/,
    base64url: /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/,
  },
  sha512: {
    hex: /^[0-9a-f]{128}$/,
    base64: /^[A-Za-z0-9+/]{85}[AQgw]==$/,
    base64url: /^[A-Za-z0-9_-]{85}[AQgw]$/,
  },
};

const lengths: Readonly<Record<Claim['algorithm'], Readonly<Record<Claim['encoding'], number>>>> = {
  sha1: { hex: 40, base64: 28, base64url: 27 },
  sha256: { hex: 64, base64: 44, base64url: 43 },
  sha512: { hex: 128, base64: 88, base64url: 86 },
};

/** What people may write besides: hex in upper case, base64url with padding. */
function asEncoded(text: string, encoding: Claim['encoding']): string {
  if (encoding === 'hex') return text.toLowerCase();
  return encoding === 'base64url' && text.endsWith('=') ? text.replace(/={1,2}$/, '') : text;
}

/**
 * Reads a MAC; `undefined` for what is not as long as one. It stays text, in the one way in which an encoder writes it,
 * and is compared as text: decoders skip what does not belong, so that many texts would be one signature.
 */
export function readMac(text: string, kind: Pick<Claim, 'algorithm' | 'encoding'>): string | undefined {
  const mac = asEncoded(text, kind.encoding);
  return mac.length === lengths[kind.algorithm][kind.encoding] ? mac : undefined;
}

/** Whether a MAC could be one by its characters; only a refusal depends on it, which says what is wrong. */
export function isWellFormed(
  mac: string,
  { algorithm, encoding }: Pick<Claim, 'algorithm' | 'encoding'>,
): boolean {
  return forms[algorithm][encoding].test(mac);
}

/** Two buffers for each length of a MAC: making them anew for each comparison costs more than the comparison. */
const scratch = new Map<number, readonly [Buffer, Buffer]>();

function scratchOf(length: number): readonly [Buffer, Buffer] {
  const kept = scratch.get(length);
  if (kept !== undefined) return kept;
  const made = [Buffer.alloc(length), Buffer.alloc(length)] as const;
  scratch.set(length, made);
  return made;
}

/** Compares in constant time; texts of different lengths are told apart at once. */
function isSameText(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  const [ofOne, ofOther] = scratchOf(one.length);
  ofOne.write(one, 'latin1');
  ofOther.write(other, 'latin1');
  // Of a character beyond latin1 only its last byte was compared.
  return timingSafeEqual(ofOne, ofOther) && one === other;
}

function hasMac({ algorithm, encoding, before, after, macs }: Claim, body: Buffer, key: KeyObject): boolean {
  const mac = createHmac(algorithm, key);
  if (before !== '') mac.update(before);
  mac.update(body);
  if (after !== '') mac.update(after);
  // As text: a digest that Node returns as a Buffer costs a quarter of a check of 1 KB.
  const expected = mac.digest(encoding);
  let found = false;
  for (const each of macs) if (isSameText(each, expected)) found = true;
  return found;
}

function hasEd25519({ ed25519, before, after }: Claim, body: Buffer, key: KeyObject): boolean {
  const signed = Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
  return ed25519.some((signature) => verify(null, signed, key, signature));
}

/** Whether one of the signatures of a claim was made with this key over this body; MACs in constant time. */
export function isSignedBy(key: KeyObject, claim: Claim, body: Buffer): boolean {
  return key.type === 'public' ? hasEd25519(claim, body, key) : hasMac(claim, body, key);
}
