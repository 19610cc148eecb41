const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const notADigit = -1;
const digitByCharCode = new Int8Array(128).fill(notADigit);
for (let digit = 0; digit < alphabet.length; digit++) digitByCharCode[alphabet.charCodeAt(digit)] = digit;

function digitAt(text: string, index: number): number {
  return digitByCharCode[text.charCodeAt(index)] ?? notADigit;
}

/** Base62 (digits, capitals, small letters) of exactly `width` characters; throws where the value needs more. */
export function encodeBase62(value: bigint, width: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = alphabet.charAt(Number(rest % 62n)) + text;
  if (text.length > width) throw new RangeError(`the value needs more than ${width} base62 characters`);
  return text.padStart(width, '0');
}

/** Says whether all characters of `text` from `start` up to `end` are base62. */
export function isBase62(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (digitAt(text, index) === notADigit) return false;
  return true;
}

/** The number that base62 characters stand for; exact for at most 8 of them, which the caller has checked. */
export function decodeBase62(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) value = value * 62 + digitAt(text, index);
  return value;
}
