import { containsKey } from '@latchkey/keys';
import type { SigningScheme } from '@latchkey/protocol';
import type { SignedRequest, SigningSecret } from './scheme.ts';
import { standardHeaders } from './standard.ts';
import { stripeEventId } from './stripe.ts';

const maxLength = 200;
/** What breaks lines, drives terminals or turns the direction of text round. */
const unsafe = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function idHeadersOf(scheme: SigningScheme, secrets: readonly SigningSecret[]): string[] {
  if (scheme === 'standard') return standardHeaders.map(([id]) => id);
  if (scheme === 'github') return ['x-github-delivery'];
  return secrets.flatMap((each) => (each.scheme === 'hmac' ? (each.settings.idHeader ?? []) : []));
}

/**
 * What a request says that its message is called, made fit to be shown: at most 200 characters of it, and nothing of
 * one that holds a key. Nothing of it has been verified; null where there is none.
 */
export function claimedId(
  request: SignedRequest,
  scheme: SigningScheme,
  secrets: readonly SigningSecret[],
): string | null {
  const named = () => idHeadersOf(scheme, secrets).map((name) => request.header(name));
  const id = scheme === 'stripe' ? stripeEventId(request.body) : named().find((each) => each !== undefined);
  if (id === undefined || containsKey(id)) return null;
  return id.slice(0, maxLength).toWellFormed().replace(unsafe, escaped).slice(0, maxLength);
}
