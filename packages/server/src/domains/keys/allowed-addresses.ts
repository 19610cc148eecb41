import { isIP } from 'node:net';
import { LatchkeyError } from '@latchkey/protocol';
import ipaddr from 'ipaddr.js';
import { isAddressRange, parseAddress, plainAddress } from '../../platform/address-range.ts';
import { decodeRestrictions } from '../../storage/index.ts';
import { refusalOf } from '../key-activity/index.ts';
import type { AuthenticatedKey } from './authenticate.ts';

const mappedBits = 96;

/** Only what can be an address is repeated: anything else could be a secret pasted in the wrong place. */
function echo(text: string): string {
  return /^(?=.*[.:])[0-9a-f.:/]{1,49}$/i.test(text) ? text : '(not shown)';
}

/** Zones name an interface of one machine, which no other can mean. */
function isRange(text: string): boolean {
  return isAddressRange(text) && !text.includes('%');
}

/** Throws `INVALID_ADDRESS`, which names them, unless all are addresses, or networks that are not everything. */
export function checkAddresses(addresses: readonly string[] | null | undefined): void {
  const wrong = (addresses ?? []).filter((each) => !isRange(each));
  if (wrong.length === 0) return;
  throw new LatchkeyError('INVALID_ADDRESS', { details: { addresses: [...new Set(wrong.map(echo))] } });
}

/** A network of IPv4 addresses written as IPv6 ones (`::ffff:10.0.0.0/104`) is the network of the IPv4 addresses. */
function networkOf(range: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const [text = '', written] = range.split('/');
  const address = parseAddress(text);
  const bits = written === undefined ? address.toByteArray().length * 8 : Number(written);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= mappedBits) {
    return [address.toIPv4Address(), bits - mappedBits];
  }
  return [address, bits];
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean {
  const [network, bits] = networkOf(range);
  return address.kind() === network.kind() && address.match(network, bits);
}

/**
 * Whether a key that is bound to these addresses and networks may be used from an address; one that is bound to none
 * may from anywhere. What is no address is outside of every network.
 */
export function isAllowedFrom(addresses: readonly string[] | null, ip: string): boolean {
  if (addresses === null) return true;
  // Not by ipaddr, which reads `10.1`, `0xa.0.0.1` and a mere number as addresses too.
  if (isIP(ip) === 0) return false;
  const address = plainAddress(ip);
  return addresses.some((range) => isWithin(address, range));
}

/** Whether every address of a network is one of another. */
export function isPartOf(inner: string, outer: string): boolean {
  const [address, bits] = networkOf(inner);
  const [network, outerBits] = networkOf(outer);
  return address.kind() === network.kind() && bits >= outerBits && address.match(network, outerBits);
}

/** Throws `KEY_NOT_ALLOWED_HERE` unless the key may be used from the address that a call came from. */
export function refuseAddress({ row, counted }: AuthenticatedKey, ip: string): void {
  if (isAllowedFrom(decodeRestrictions(row).allowedAddresses, ip)) return;
  throw refusalOf(new LatchkeyError('KEY_NOT_ALLOWED_HERE'), counted);
}
