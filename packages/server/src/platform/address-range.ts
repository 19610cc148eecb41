import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Says whether a text is an address, or a CIDR range that is not everything there is. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  // Not 0: whoever trusts everybody has switched off what the setting is for.
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/**
 * Reads an address that `isIP` takes. One that is IPv4-compatible (`::10.1.2.3`, RFC 4291, section 2.5.5.1: deprecated) is
 * an IPv6 address like others, and not the IPv4 address, for which ipaddr would take it; of IPv4-mapped ones
 * (`::ffff:10.1.2.3`) the caller decides.
 */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.parse(text.replace(/^::(?=\d+\.)/, '::0:'));
}

/** The same, with an IPv4-mapped address as the IPv4 address that it stands for. */
export function plainAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const address = parseAddress(text);
  const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
  return isMapped ? address.toIPv4Address() : address;
}
