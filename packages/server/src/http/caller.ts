import { redactKeys } from '@latchkey/keys';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Caller } from '../domains/otp/index.ts';

const ipv6Groups = 4;

/** One key for everybody behind one subscriber line: an IPv4 address, or the /64 of an IPv6 address. */
export function limitAddress(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const groups = (address as ipaddr.IPv6).parts.slice(0, ipv6Groups).map((part) => part.toString(16));
  return `${groups.join(':')}::/64`;
}

const maxClientLength = 200;

/** A User-Agent as it may be kept and shown: printable ASCII, without anything that looks like a key, not long. */
function clientOf(userAgent: string | undefined): string {
  return redactKeys(userAgent ?? '')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, maxClientLength);
}

/** Where a request came from; X-Forwarded-For counts only as far as trusted proxies wrote it. */
export function callerOf(request: FastifyRequest): Caller {
  return {
    address: limitAddress(request.ip),
    ip: request.ip,
    client: clientOf(request.headers['user-agent']),
  };
}
