import { encodeBase62 } from './base62.ts';
import { crc32 } from './crc32.ts';
import {
  checksumLength,
  type Environment,
  environmentPrefixes,
  type PlainFamily,
  plainPrefixes,
  randomLength,
} from './families.ts';
import { fingerprintOf } from './fingerprint.ts';

const entropyBytes = 32;

/** Gives `size` bytes that nobody can predict; tests pass fixed ones. */
export type RandomBytes = (size: number) => Uint8Array;

function systemRandom(size: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(size));
}

/** All 256 bits as one number, so that every character but the first is uniform and none is dropped. */
function randomPart(random: RandomBytes): string {
  const bytes = random(entropyBytes);
  // A short answer would be padded with zeros and give a guessable key.
  if (bytes.length !== entropyBytes) throw new RangeError(`a key needs exactly ${entropyBytes} random bytes`);
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return encodeBase62(value, randomLength);
}

/**
 * A new secret: prefix, 43 base62 characters of randomness, 6 of CRC32 over both.
 *
 * @throws RangeError when `random` does not give the 32 bytes that it was asked for.
 */
export function generateKey(family: PlainFamily, random: RandomBytes = systemRandom): string {
  const unchecked = plainPrefixes[family] + randomPart(random);
  return unchecked + encodeBase62(BigInt(crc32(unchecked)), checksumLength);
}

/**
 * A new environment key with its fingerprint, shown (`a3f9...8c2d`) and whole (64 hex characters).
 *
 * The shown form has 32 bits: a caller that needs it to be unique looks it up and generates again.
 *
 * @throws RangeError when `random` does not give the 32 bytes that it was asked for.
 */
export function generateEnvironmentKey(
  environment: Environment,
  random: RandomBytes = systemRandom,
): { secret: string; fingerprint: string; fingerprintHex: string } {
  const randomText = randomPart(random);
  const { head, tail, shown, hex } = fingerprintOf(randomText);
  const secret = `${environmentPrefixes[environment]}${head}_${randomText}${tail}`;
  return { secret, fingerprint: shown, fingerprintHex: hex };
}
