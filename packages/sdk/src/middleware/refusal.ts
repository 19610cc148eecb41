import { rateLimitHeaders } from '@latchkey/protocol/rate-limit-headers';
import { statusOfVerdict } from '@latchkey/protocol/verdict';
import type { Verdict } from '../verifier/verdict.ts';

/** Headers by their names. */
export type Headers = Readonly<Record<string, string>>;

/** What a caller who is not let in is answered. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Headers;
}

/** What every answer carries that a key was needed for. */
export const notStored: Headers = { 'cache-control': 'no-store' };

/** A member of an authentication challenge; quotes and control characters cannot stand in it. */
function parameter(name: string, value: string): string {
  return `${name}="${value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '')}"`;
}

/** RFC 6750, section 3; without an error where no key was presented (section 3.1). */
function challenge(realm: string, error?: string, message?: string, scopes: readonly string[] = []): Headers {
  const parts = [parameter('realm', realm)];
  if (error !== undefined) parts.push(parameter('error', error));
  if (message !== undefined) parts.push(parameter('error_description', message));
  if (scopes.length > 0) parts.push(parameter('scope', scopes.join(' ')));
  return { 'www-authenticate': `Bearer ${parts.join(', ')}` };
}

/** Nobody presented a key. */
export function keyMissing(realm: string): Refusal {
  const message = 'This needs an API key, and none was sent.';
  return { status: 401, code: 'UNAUTHORIZED', message, headers: { ...notStored, ...challenge(realm) } };
}

/** Two keys were presented that differ. */
export function keysConflict(realm: string): Refusal {
  const message = 'The request carries two different credentials.';
  const headers = { ...notStored, ...challenge(realm, 'invalid_request', message) };
  return { status: 400, code: 'CREDENTIALS_CONFLICT', message, headers };
}

/** Nobody knows whether the key is good: the caller may come again. */
export function cannotBeAsked(): Refusal {
  const message = 'The key cannot be verified right now.';
  return { status: 503, code: 'UNAVAILABLE', message, headers: { ...notStored, 'retry-after': '1' } };
}

/** What is left of the limit of a key; nothing of one that has none. */
export function limitHeaders({ rateLimit }: Verdict): Headers {
  return rateLimit === null ? {} : rateLimitHeaders([{ name: 'key', ...rateLimit }]);
}

function reasonHeaders(
  { code, message, rateLimit }: Verdict,
  realm: string,
  scopes: readonly string[],
): Headers {
  const status = statusOfVerdict(code);
  if (status === 401) return challenge(realm, 'invalid_token', message);
  if (status === 403) {
    return challenge(realm, 'insufficient_scope', message, code === 'SCOPE_MISSING' ? scopes : []);
  }
  if (code !== 'RATE_LIMITED' || rateLimit === null) return {};
  return { 'retry-after': String(Math.max(rateLimit.resetSeconds, 1)) };
}

/** The key is not good for this. `scopes` are those that it would need. */
export function refusalOf(verdict: Verdict, realm: string, scopes: readonly string[]): Refusal {
  const { code, message } = verdict;
  const headers = { ...notStored, ...limitHeaders(verdict), ...reasonHeaders(verdict, realm, scopes) };
  return { status: statusOfVerdict(code), code, message, headers };
}
