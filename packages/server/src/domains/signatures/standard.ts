import { decodeBase64 } from './encoding.ts';
import { readMac } from './mac.ts';
import { isMessageId } from './message-id.ts';
import { type Claim, type Refused, refused, type SignedRequest } from './scheme.ts';
import { readTimestamp } from './timestamp.ts';

/** The two spellings of the same three headers: Standard Webhooks, and Svix (Clerk, Resend and others). */
export const standardHeaders = [
  ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  ['svix-id', 'svix-timestamp', 'svix-signature'],
] as const;

/** A sender that rotates signs twice; more than this many entries are not looked at. */
const maxEntries = 16;
/** Checking an Ed25519 signature takes as long as a hundred MACs, so that of these fewer are looked at. */
const maxEd25519 = 4;
const ed25519Length = 64;

/** The values of the three headers in one spelling. */
interface Values {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

function valuesOf(request: SignedRequest, names: (typeof standardHeaders)[number]): Values {
  return {
    id: request.header(names[0]),
    timestamp: request.header(names[1]),
    signature: request.header(names[2]),
  };
}

function isAbsent({ id, timestamp, signature }: Values): boolean {
  return id === undefined && timestamp === undefined && signature === undefined;
}

function isSame(one: Values, other: Values): boolean {
  return one.id === other.id && one.timestamp === other.timestamp && one.signature === other.signature;
}

const kind = { algorithm: 'sha256', encoding: 'base64' } as const;

/** The signatures in a list such as `v1,… v1,… v1a,…`; what is not one is skipped (E.6). */
function readList(list: string): Pick<Claim, 'macs' | 'ed25519'> {
  const macs: string[] = [];
  const ed25519: Buffer[] = [];
  for (const entry of list.split(' ', maxEntries)) {
    // A header that came twice was joined by ", ", which leaves a comma behind the entry.
    const text = entry.endsWith(',') ? entry.slice(0, -1) : entry;
    if (text.startsWith('v1,')) {
      const mac = readMac(text.slice(3), kind);
      if (mac !== undefined) macs.push(mac);
    } else if (text.startsWith('v1a,') && ed25519.length < maxEd25519) {
      const signature = decodeBase64(text.slice(4));
      if (signature?.length === ed25519Length) ed25519.push(signature);
    }
  }
  return { macs, ed25519 };
}

function claimOf(id: string, timestampText: string, list: string): Claim | Refused {
  const timestamp = readTimestamp(timestampText);
  if (timestamp === undefined) return refused('malformed', { part: 'timestamp' });
  if (!isMessageId(id)) return refused('malformed', { part: 'id' });
  const { macs, ed25519 } = readList(list);
  if (macs.length === 0 && ed25519.length === 0) return refused('malformed', { part: 'signature' });
  const before = `${id}.${timestampText}.`;
  return {
    algorithm: 'sha256',
    encoding: 'base64',
    before,
    after: '',
    macs,
    ed25519,
    timestamp,
    messageId: id,
  };
}

/**
 * Reads the headers of Standard Webhooks in either spelling (contract/codika.md E.6). Both at once are accepted only
 * where they say the same: otherwise one of them could be checked and the other one believed.
 */
export function readStandard(request: SignedRequest): Claim | Refused {
  const webhook = valuesOf(request, standardHeaders[0]);
  const svix = valuesOf(request, standardHeaders[1]);
  const usesSvix = isAbsent(webhook);
  if (!usesSvix && !isAbsent(svix) && !isSame(webhook, svix))
    return refused('malformed', { part: 'headers' });
  const { id, timestamp, signature } = usesSvix ? svix : webhook;
  if (id && timestamp && signature) return claimOf(id, timestamp, signature);
  const names = standardHeaders[usesSvix ? 1 : 0];
  return refused('headers_missing', { missing: names.filter((name) => !request.header(name)) });
}
