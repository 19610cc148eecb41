import { crc32 } from 'node:zlib';

/** Picture types that a logo may have. */
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp';

const maxSide = 16_384;

function isSize(width: number, height: number): boolean {
  return width >= 1 && width <= maxSide && height >= 1 && height <= maxSide;
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Chunks with right checksums from IHDR to IEND, and nothing behind it (W3C PNG, 5). */
function isPng(bytes: Buffer): boolean {
  if (!bytes.subarray(0, 8).equals(pngSignature)) return false;
  for (let at = 8, end: number; at + 12 <= bytes.length; at = end) {
    const length = bytes.readUInt32BE(at);
    end = at + 12 + length;
    if (end > bytes.length) return false;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return false;
    const type = bytes.toString('latin1', at + 4, at + 8);
    const isHeader = type === 'IHDR' && length === 13;
    if (at === 8 && !(isHeader && isSize(bytes.readUInt32BE(16), bytes.readUInt32BE(20)))) return false;
    if (type === 'IEND') return end === bytes.length;
  }
  return false;
}

/** A start of frame: 0xc0 to 0xcf but the three that are something else (ITU T.81, B.1.1.3). */
function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Segments with a frame of some size before the scan, and the end of the image as the last bytes. */
function isJpeg(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return false;
  if (bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) return false;
  let hasFrame = false;
  for (let at = 2, end: number; at + 9 <= bytes.length; at = end) {
    const marker = bytes.readUInt8(at + 1);
    end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes.readUInt8(at) !== 0xff || end > bytes.length - 2) return false;
    if (marker === 0xda) return hasFrame;
    if (startsFrame(marker)) hasFrame = isSize(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
  }
  return false;
}

/** A RIFF file of the size that it states, of whole chunks, one of which is a picture (RFC 9649). */
function isWebp(bytes: Buffer): boolean {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF') return false;
  if (bytes.readUInt32LE(4) + 8 !== bytes.length || bytes.toString('latin1', 8, 12) !== 'WEBP') return false;
  let hasPicture = false;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32LE(at + 4);
    hasPicture ||= ['VP8 ', 'VP8L', 'ANMF'].includes(bytes.toString('latin1', at, at + 4)) && size > 0;
    at += 8 + size + (size % 2);
  }
  return hasPicture && at === bytes.length;
}

const checks: Readonly<Record<PictureType, (bytes: Buffer) => boolean>> = {
  'image/jpeg': isJpeg,
  'image/png': isPng,
  'image/webp': isWebp,
};

/**
 * Says whether bytes are a whole picture of a type: its structure from the first byte to the last, not what it shows.
 * The name that a caller gives it proves nothing, nor do its first bytes.
 */
export function isPicture(bytes: Buffer, type: PictureType): boolean {
  return checks[type](bytes);
}
