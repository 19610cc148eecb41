import { readMac } from './mac.ts';
import { type Claim, type Refused, refused, type SignedRequest } from './scheme.ts';
import { readTimestamp } from './timestamp.ts';

export const stripeHeader = 'stripe-signature';

/** More `v1` entries than this are not looked at; Stripe sends one for each of its live secrets. */
const maxEntries = 16;
const maxHeaderLength = 4096;

/** Stripe writes the id of an event first. */
const eventId = /^\{\s*"id":\s*"(evt_[A-Za-z0-9_]{1,72})"/;
const headBytes = 96;

/**
 * The id of the event, which is the same when Stripe delivers it again with a new timestamp. Only for a body that has
 * been verified: it reads the start of it without parsing the rest.
 */
export function stripeEventId(body: Buffer): string | undefined {
  return eventId.exec(body.toString('latin1', 0, headBytes))?.[1];
}

const kind = { algorithm: 'sha256', encoding: 'hex' } as const;

interface Pairs {
  /** `undefined` where there is none, or more than one. */
  readonly timestampText: string | undefined;
  readonly macs: readonly string[];
}

function readPairs(header: string): Pairs {
  let timestampText: string | undefined;
  let timestamps = 0;
  const macs: string[] = [];
  for (const entry of header.split(',')) {
    // A header that came twice was joined by ", ".
    const pair = entry.startsWith(' ') ? entry.trimStart() : entry;
    if (pair.startsWith('t=')) {
      timestampText = pair.slice(2);
      timestamps++;
    } else if (pair.startsWith('v1=') && macs.length < maxEntries) {
      const mac = readMac(pair.slice(3), kind);
      if (mac !== undefined) macs.push(mac);
    }
  }
  return { timestampText: timestamps === 1 ? timestampText : undefined, macs };
}

/**
 * Reads `Stripe-Signature: t=…,v1=…`. `v0` is a signature of test mode that anybody can ask for, and is ignored like
 * any scheme that is not known.
 */
export function readStripe(request: SignedRequest): Claim | Refused {
  const header = request.header(stripeHeader);
  if (!header) return refused('headers_missing', { missing: [stripeHeader] });
  if (header.length > maxHeaderLength) return refused('malformed', { part: 'signature' });
  const { timestampText = '', macs } = readPairs(header);
  const timestamp = readTimestamp(timestampText);
  if (timestamp === undefined) return refused('malformed', { part: 'timestamp' });
  if (macs.length === 0) return refused('malformed', { part: 'signature' });
  return {
    ...kind,
    before: `${timestampText}.`,
    after: '',
    macs,
    ed25519: [],
    timestamp,
    messageId: undefined,
  };
}
