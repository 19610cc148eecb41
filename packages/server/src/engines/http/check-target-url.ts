import { isIP } from 'node:net';
import { LatchkeyError } from '@latchkey/protocol';
import { isLoopbackHost } from '../../platform/loopback.ts';
import type { TargetPolicy } from './target-policy.ts';

function refuse(host: string, problem: string): LatchkeyError {
  return new LatchkeyError('TARGET_NOT_ALLOWED', { details: { host, problem } });
}

/** The address that a host can only mean: a literal in any of its forms, or a name of this machine. */
function addressOf(host: string): string | undefined {
  if (isIP(host) !== 0) return host;
  return isLoopbackHost(host) ? '127.0.0.1' : undefined;
}

/**
 * Reads the URL of a target: http or https, no user, password or fragment, and not an address that the policy refuses.
 * Its `href` is the form to keep. Where a name leads is known only when it is called, and is checked then again.
 * Throws `TARGET_NOT_ALLOWED`, which names the host and nothing else of the URL.
 */
export function checkTargetUrl(text: string, policy: TargetPolicy): URL {
  const url = URL.parse(text);
  if (url === null) throw refuse('', 'it is not a URL.');
  // Without brackets, as resolvers and policies write IPv6.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse(host, 'it must start with http:// or https://.');
  }
  if (url.username !== '' || url.password !== '') throw refuse(host, 'it must not name a user or password.');
  if (url.href.includes('#')) throw refuse(host, 'it must not have a fragment (#).');
  const address = addressOf(host);
  if (address !== undefined && !policy.allowsHost(host) && !policy.allowsAddress(address)) {
    throw refuse(host, 'it is not at a public address.');
  }
  return url;
}
