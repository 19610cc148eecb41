import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Caller } from '../domains/otp/index.ts';
import { plainAddress } from '../platform/address-range.ts';

const ipv6Groups = 4;

const withPort = /^(?:\[(?<v6>[^\]]*)\]|(?<v4>[^:]*))(?::\d{1,5})?$/;

/** Some proxies append the port: `203.0.113.9:4444`, `[2001:db8::1]:4444`. */
function withoutPort(text: string): string {
  const { v4, v6 } = withPort.exec(text)?.groups ?? {};
  return v6 ?? v4 ?? text;
}

/** One key for everybody behind one subscriber line: an IPv4 address, or the /64 of an IPv6 address. */
export function limitAddress(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = plainAddress(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const groups = (address as ipaddr.IPv6).parts.slice(0, ipv6Groups).map((part) => part.toString(16));
  return `${groups.join(':')}::/64`;
}

const maxClientLength = 200;

/** `name/1.2.3`, or one short word (RFC 9110, 10.1.5). */
const product = /^([A-Za-z][\w.-]{0,19}\/v?\d[\w.-]{0,15}|[A-Za-z-]{1,16})$/;

/**
 * A User-Agent as it may be kept and shown: the products that it names. Comments and everything else are left out: a
 * header can hold anything, also what should have been in another.
 */
export function clientOf(userAgent: string | undefined): string {
  const words = (userAgent ?? '').replace(/\([^()]*\)/g, ' ').split(/\s+/);
  return words
    .filter((word) => product.test(word))
    .join(' ')
    .slice(0, maxClientLength);
}

/** The network address that a request came from; X-Forwarded-For counts only as far as trusted proxies wrote it. */
export function ipOf(request: FastifyRequest): string {
  return withoutPort(request.ip);
}

/** Where a request came from. */
export function callerOf(request: FastifyRequest): Caller {
  const ip = ipOf(request);
  return {
    address: limitAddress(ip),
    ip,
    client: clientOf(request.headers['user-agent']),
    requestId: request.id,
  };
}
