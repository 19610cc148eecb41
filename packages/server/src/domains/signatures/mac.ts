import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { Claim } from './scheme.ts';

/** Length of the MAC of each algorithm. */
export const macBytes: Readonly<Record<Claim['algorithm'], number>> = { sha1: 20, sha256: 32, sha512: 64 };

/** What a MAC is over, and how. */
export type SignedText = Pick<Claim, 'algorithm' | 'before' | 'after'>;

/** The MAC of a body as a claim says that it was signed. */
export function macOf({ algorithm, before, after }: SignedText, body: Buffer, key: KeyObject): Buffer {
  const mac = createHmac(algorithm, key);
  if (before !== '') mac.update(before);
  mac.update(body);
  if (after !== '') mac.update(after);
  // By way of a string, because a digest that Node returns as a Buffer costs a quarter of a check of 1 KB.
  return Buffer.from(mac.digest('latin1'), 'latin1');
}

function hasMac(claim: Claim, body: Buffer, key: KeyObject): boolean {
  const expected = macOf(claim, body, key);
  let found = false;
  for (const each of claim.macs) {
    if (each.length === expected.length && timingSafeEqual(each, expected)) found = true;
  }
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
