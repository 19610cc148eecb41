import { describe, expect, it } from 'vitest';
import { isPicture } from './picture.ts';
import { jpeg, png, pngChunk, webp } from './pictures-for-tests.ts';

const pictures = { 'image/png': png, 'image/jpeg': jpeg, 'image/webp': webp } as const;
const types = ['image/png', 'image/jpeg', 'image/webp'] as const;
const script = Buffer.from('<svg onload="alert(1)">');

/** A copy with other bytes at one place. */
function changed(bytes: Buffer, at: number, ...to: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(to, at);
  return copy;
}

describe.each(types)('a picture of type %s', (type) => {
  const bytes = pictures[type];

  it('is that and no other', () => {
    expect(types.filter((each) => isPicture(bytes, each))).toEqual([type]);
  });

  it('is none when it is cut off anywhere', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(isPicture(bytes.subarray(0, length), type)).toBe(false);
    }
  });

  it('is none when something else follows its beginning or its end', () => {
    for (const length of [2, 3, 4, 8, 12, 16]) {
      expect(isPicture(Buffer.concat([bytes.subarray(0, length), script]), type)).toBe(false);
    }
    expect(isPicture(Buffer.concat([bytes, script]), type)).toBe(false);
  });
});

describe('a picture', () => {
  const jpegFrame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  const withoutFrame = Buffer.concat([jpeg.subarray(0, jpegFrame), jpeg.subarray(jpegFrame + 19)]);

  it.each([
    [
      'a PNG without pixels',
      'image/png',
      Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', Buffer.alloc(13)), png.subarray(33)]),
    ],
    ['a PNG whose checksum is wrong', 'image/png', changed(png, 20, 1)],
    [
      'a PNG that does not begin with its header',
      'image/png',
      Buffer.concat([png.subarray(0, 8), png.subarray(33)]),
    ],
    ['a JPEG without a frame', 'image/jpeg', withoutFrame],
    ['a JPEG without pixels', 'image/jpeg', changed(jpeg, jpegFrame + 5, 0, 0)],
    ['a WebP without a picture', 'image/webp', changed(webp, 12, 0x45, 0x58, 0x49, 0x46)],
    ['a WebP of another size than it states', 'image/webp', changed(webp, 4, 0x36)],
  ] as const)('is not %s', (_what, type, bytes) => {
    expect(isPicture(bytes, type)).toBe(false);
  });
});
