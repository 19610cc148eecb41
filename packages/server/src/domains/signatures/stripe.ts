import { decodeHex } from './encoding.ts';
import { type Claim, type Refused, refused, type SignedRequest } from './scheme.ts';
import { readTimestamp } from './timestamp.ts';

export const stripeHeader = 'stripe-signature';

/** More `v1` entries than this are not looked at; Stripe sends one for each of its live secrets. */
const maxEntries = 16;
const maxHeaderLength = 4096;
const macLength = 32;

/** Stripe writes the id of an event first. */
const eventId = /^\{\s*"id":\s*"(evt_[A-Za-z0-9_]{1,200})"/;
const headBytes = 300;

/**
 * The id of the event, which is the same when Stripe delivers it again with a new timestamp. Only for a body that has
 * been verified: it reads the start of it without parsing the rest.
 */
export function stripeEventId(body: Buffer): string | undefined {
  return eventId.exec(body.toString('latin1', 0, headBytes))?.[1];
}

function valuesOf(header: string, name: string): string[] {
  const pairs = header.split(',').map((pair) => pair.trim());
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

function macsIn(header: string): Buffer[] {
  const entries = valuesOf(header, 'v1').slice(0, maxEntries);
  return entries.flatMap((entry) => decodeHex(entry) ?? []).filter(({ length }) => length === macLength);
}

/**
 * Reads `Stripe-Signature: t=…,v1=…`. `v0` is a signature of test mode that anybody can ask for, and is ignored like
 * any scheme that is not known.
 */
export function readStripe(request: SignedRequest): Claim | Refused {
  const header = request.header(stripeHeader);
  if (!header) return refused('headers_missing', { missing: [stripeHeader] });
  if (header.length > maxHeaderLength) return refused('malformed', { part: 'signature' });
  const [timestampText, ...others] = valuesOf(header, 't');
  const timestamp = readTimestamp(timestampText ?? '');
  if (timestamp === undefined || others.length > 0) return refused('malformed', { part: 'timestamp' });
  const macs = macsIn(header);
  if (macs.length === 0) return refused('malformed', { part: 'signature' });
  const before = `${timestampText}.`;
  return { algorithm: 'sha256', before, after: '', macs, ed25519: [], timestamp, messageId: undefined };
}
