import { isIP } from 'node:net';

/** Says whether a text is an address, or a CIDR range that is not everything there is. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  // Not 0: whoever trusts everybody has switched off what the setting is for.
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}
