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

type EnvironmentKind = Extract<KeyKind, { family: 'environment' }>;
type PlainKind = Exclude<KeyKind, EnvironmentKind>;

/** A string that no key has, and what of it is wrong. */
export interface NoKey {
  ok: false;
  reason: 'unknown-prefix' | 'length' | 'alphabet' | 'checksum';
  /** There when the prefix was recognised. */
  prefix?: string;
}

/** What can be told of a string without a hash: everything, but for the fingerprint of an environment key. */
export type KeyForm =
  | { ok: true; family: PlainFamily; prefix: string }
  | { ok: true; family: 'environment'; prefix: string; environment: Environment }
  | NoKey;

/** Reads a key string as far as any runtime can at once; never throws, and reads at most one key's length of any text. */
export function readForm(text: string): KeyForm {
  const kind = kindAt(text);
  if (kind === undefined) return { ok: false, reason: 'unknown-prefix' };
  if (text.length !== kind.length) return { ok: false, reason: 'length', prefix: kind.prefix };
  return kind.family === 'environment' ? readEnvironmentKey(text, kind) : readPlainKey(text, kind);
}

function readPlainKey(text: string, { prefix, family, length }: PlainKind): KeyForm {
  if (!isBase62(text, prefix.length, length)) return { ok: false, reason: 'alphabet', prefix };
  const checkedLength = length - checksumLength;
  const stated = decodeBase62(text, checkedLength, length);
  if (stated !== crc32(text, checkedLength)) return { ok: false, reason: 'checksum', prefix };
  return { ok: true, family, prefix };
}

function readEnvironmentKey(text: string, { prefix, environment }: EnvironmentKind): KeyForm {
  const headEnd = prefix.length + fingerprintEndLength;
  const randomStart = headEnd + '_'.length;
  const randomEnd = randomStart + randomLength;
  const inAlphabet =
    isLowerHex(text, prefix.length, headEnd) &&
    text.startsWith('_', headEnd) &&
    isBase62(text, randomStart, randomEnd) &&
    isLowerHex(text, randomEnd, text.length);
  if (!inAlphabet) return { ok: false, reason: 'alphabet', prefix };
  return { ok: true, family: 'environment', prefix, environment };
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
