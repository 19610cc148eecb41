import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isAddressRange } from '../../platform/address-range.ts';

/** Which hosts the server calls for its callers. */
export interface TargetPolicy {
  /** Whether the operator has named this host: then it may be at any address. */
  allowsHost(hostname: string): boolean;
  /** Whether an address is public or allowed by the operator. Takes addresses as resolvers write them. */
  allowsAddress(address: string): boolean;
}

/** A connection that was not made, because of where it would have led. */
export class TargetBlockedError extends Error {
  override readonly name = 'TargetBlockedError';
}

type Address = ReturnType<typeof ipaddr.parse>;
type Range = ReturnType<typeof ipaddr.parseCIDR>;

const hostName =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
/** What URLs read as an address, however few numbers it has: `127.1`, `0x7f000001`. */
const numericName = /(^|\.)(\d+|0x[0-9a-f]*)$/;

/** Globally routed IPv6 is given out of this range alone (RFC 4291, 2.4); the rest embeds other addresses. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');
/** Public by its number, and the metadata and key service of every Azure machine. */
const azurePlatform = '168.63.129.16';

function plainName(hostname: string): string {
  return hostname.toLowerCase().replace(/\.$/, '');
}

function isHostName(text: string): boolean {
  const name = plainName(text);
  return hostName.test(name) && !numericName.test(name);
}

/** Says whether an entry of LATCHKEY_ALLOWED_TARGETS is an address, a CIDR range or a host name. */
export function isAllowedTarget(text: string): boolean {
  return !text.includes('%') && (isAddressRange(text) || isHostName(text));
}

function rangeOf(text: string): Range {
  return ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${isIP(text) === 4 ? 32 : 128}`);
}

function isWithin(address: Address, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' ? address.toString() !== azurePlatform : isWithin(address, globalUnicast);
}

/**
 * Public addresses, and of the others those that the operator names; entries as `isAllowedTarget` takes them. An IPv4
 * address that is written as IPv6 is allowed by the range it really belongs to, and never for being public.
 */
export function createTargetPolicy(allowed: readonly string[]): TargetPolicy {
  const ranges = allowed.filter(isAddressRange).map(rangeOf);
  const hosts = new Set(allowed.filter(isHostName).map(plainName));
  return {
    allowsHost: (hostname) => hosts.has(plainName(hostname)),
    allowsAddress(text) {
      const address = ipaddr.parse(text);
      const forms = [address, ipaddr.process(text)];
      return isPublic(address) || ranges.some((range) => forms.some((form) => isWithin(form, range)));
    },
  };
}
