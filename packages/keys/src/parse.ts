import { decodeBase62, isBase62 } from './base62.ts';
import { crc32 } from './crc32.ts';
import {
  checksumLength,
  type Environment,
  fingerprintEndLength,
  type KeyKind,
  kindAt,
  type PlainFamily,
  randomLength,
} from './families.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What a string says about itself; that the key was ever issued is for the database to say. */
export type ParsedKey =
  | { ok: true; family: PlainFamily; prefix: string }
  | {
      ok: true;
      family: 'environment';
      prefix: string;
      environment: Environment;
      fingerprint: string;
      fingerprintHex: string;
    }
  | {
      ok: false;
      reason: 'unknown-prefix' | 'length' | 'alphabet' | 'checksum';
      /** There when the prefix was recognised. */
      prefix?: string;
    };

type EnvironmentKind = Extract<KeyKind, { family: 'environment' }>;
type PlainKind = Exclude<KeyKind, EnvironmentKind>;

const keyPrefixLength = 12;

/** The first 12 characters, which may be shown and stored (contract/codika.md B.2); of a complete key only. */
export function keyPrefixOf(secret: string): string {
  return secret.slice(0, keyPrefixLength);
}

/**
 * Reads a key string without any lookup; never throws, and reads at most one key's length of any text.
 *
 * The comparisons are not constant-time: what they compare is all in the caller's own string.
 */
export function parseKey(text: string): ParsedKey {
  const kind = kindAt(text);
  if (kind === undefined) return { ok: false, reason: 'unknown-prefix' };
  if (text.length !== kind.length) return { ok: false, reason: 'length', prefix: kind.prefix };
  return kind.family === 'environment' ? parseEnvironmentKey(text, kind) : parsePlainKey(text, kind);
}

function parsePlainKey(text: string, { prefix, family, length }: PlainKind): ParsedKey {
  if (!isBase62(text, prefix.length, length)) return { ok: false, reason: 'alphabet', prefix };
  const checkedLength = length - checksumLength;
  const stated = decodeBase62(text, checkedLength, length);
  if (stated !== crc32(text, checkedLength)) return { ok: false, reason: 'checksum', prefix };
  return { ok: true, family, prefix };
}

/** The prefix is not under the fingerprint: a key with another environment's prefix parses and is not found. */
function parseEnvironmentKey(text: string, { prefix, environment }: EnvironmentKind): ParsedKey {
  const headEnd = prefix.length + fingerprintEndLength;
  const randomStart = headEnd + '_'.length;
  const randomEnd = randomStart + randomLength;
  const inAlphabet =
    isLowerHex(text, prefix.length, headEnd) &&
    text.startsWith('_', headEnd) &&
    isBase62(text, randomStart, randomEnd) &&
    isLowerHex(text, randomEnd, text.length);
  if (!inAlphabet) return { ok: false, reason: 'alphabet', prefix };
  const { head, tail, shown, hex } = fingerprintOf(text.slice(randomStart, randomEnd));
  const agrees = text.startsWith(head, prefix.length) && text.endsWith(tail);
  if (!agrees) return { ok: false, reason: 'checksum', prefix };
  return { ok: true, family: 'environment', prefix, environment, fingerprint: shown, fingerprintHex: hex };
}

function isLowerHex(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    const isDigit = code >= 0x30 && code <= 0x39;
    const isLetter = code >= 0x61 && code <= 0x66;
    if (!isDigit && !isLetter) return false;
  }
  return true;
}
