import type { HmacSettings } from '@latchkey/protocol';

/** Decodes base64 with its padding; `undefined` for anything that an encoder would not have written. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Decodes base64url with or without padding; `undefined` for anything that an encoder would not have written. */
export function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  const bare = bytes.toString('base64url');
  return text === bare || text === bare.padEnd(Math.ceil(bare.length / 4) * 4, '=') ? bytes : undefined;
}

/** Decodes hex of either case; `undefined` where anything else stands in it. */
export function decodeHex(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'hex');
  return bytes.length * 2 === text.length ? bytes : undefined;
}

const decoders: Readonly<Record<HmacSettings['encoding'], (text: string) => Buffer | undefined>> = {
  hex: decodeHex,
  base64: decodeBase64,
  base64url: decodeBase64Url,
};

/** Decodes strictly: Node's own decoders skip what does not belong, so that many texts would be one signature. */
export function decodeSignature(text: string, encoding: HmacSettings['encoding']): Buffer | undefined {
  return decoders[encoding](text);
}
