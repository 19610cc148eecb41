import { keyKinds, kindAt } from './families.ts';
import { type ParsedKey, parseKey } from './parse.ts';

/** A complete key and where it stands in a text. */
export interface FoundKey {
  /** Of its first character. */
  readonly index: number;
  /** Bytes from one character of the key to the next: 2 where the text is UTF-16 read byte by byte. */
  readonly stride: 1 | 2;
  readonly secret: string;
  readonly parsed: Extract<ParsedKey, { ok: true }>;
}

const longestKey = Math.max(...keyKinds.map(({ length }) => length));

/** The most characters of a text that one key takes up. */
export const longestFind = longestKey * 2;

/** The start of any of the seven prefixes, written plainly or with a zero byte behind each character. */
const prefixStart = /c\0?k\0?(?:[opa]\0?)?_/g;

/** The text from `start` with every second character left out; cut where one that is left out is not zero. */
function withoutZeros(text: string, start: number): string {
  let kept = '';
  for (let index = start; kept.length < longestKey && index < text.length; index += 2) {
    kept += text.charAt(index);
    if (text.charAt(index + 1) !== '\0') break;
  }
  return kept;
}

function keyAt(text: string, index: number): FoundKey | undefined {
  const stride = text.charAt(index + 1) === '\0' ? 2 : 1;
  const ahead = stride === 2 ? withoutZeros(text, index) : text.slice(index, index + longestKey);
  const kind = kindAt(ahead);
  if (kind === undefined) return undefined;
  const secret = ahead.slice(0, kind.length);
  const parsed = parseKey(secret);
  return parsed.ok ? { index, stride, secret, parsed } : undefined;
}

/**
 * Every complete key in a text, in order, also inside a longer word; bytes are given as latin1, so that UTF-16 of
 * either order is searched too.
 *
 * Only a matching checksum or fingerprint counts: chance alone needs four thousand million tries per prefix.
 */
export function* findKeys(text: string): Generator<FoundKey, void> {
  for (const { index } of text.matchAll(prefixStart)) {
    const found = keyAt(text, index);
    if (found !== undefined) yield found;
  }
}
