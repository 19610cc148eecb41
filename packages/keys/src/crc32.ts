const reversedPolynomial = 0xedb88320;

function remainderOf(byte: number): number {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ reversedPolynomial : remainder >>> 1;
  }
  return remainder;
}

const remainders = Int32Array.from({ length: 256 }, (_, byte) => remainderOf(byte));

/**
 * CRC32 as zlib and PNG compute it, over one byte per character of `text` up to `end`.
 *
 * Right only for characters below U+0100; a key string holds ASCII alone. No import, so that it runs anywhere.
 */
export function crc32(text: string, end = text.length): number {
  let state = -1;
  for (let index = 0; index < end; index++) {
    state = (remainders[(state ^ text.charCodeAt(index)) & 0xff] ?? 0) ^ (state >>> 8);
  }
  return ~state >>> 0;
}
