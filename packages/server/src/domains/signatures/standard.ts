import { decodeBase64 } from './encoding.ts';
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
const macLength = 32;
const ed25519Length = 64;

type Values = readonly [string | undefined, string | undefined, string | undefined];

function valuesOf(
  request: SignedRequest,
  [id, timestamp, signature]: readonly [string, string, string],
): Values {
  return [request.header(id), request.header(timestamp), request.header(signature)];
}

function isAbsent([id, timestamp, signature]: Values): boolean {
  return id === undefined && timestamp === undefined && signature === undefined;
}

function isSame(one: Values, other: Values): boolean {
  return one[0] === other[0] && one[1] === other[1] && one[2] === other[2];
}

/** The signatures of one version in a list such as `v1,… v1,… v1a,…`; what is not one is skipped (E.6). */
function entriesOf(list: string, version: string, length: number, limit: number): Buffer[] {
  const found: Buffer[] = [];
  for (const entry of list.split(' ', maxEntries)) {
    if (!entry.startsWith(version) || found.length === limit) continue;
    // A header that came twice was joined by ", ", which leaves a comma behind the entry.
    const text = entry.slice(version.length, entry.endsWith(',') ? -1 : undefined);
    const bytes = decodeBase64(text);
    if (bytes?.length === length) found.push(bytes);
  }
  return found;
}

function claimOf(id: string, timestampText: string, list: string): Claim | Refused {
  const timestamp = readTimestamp(timestampText);
  if (timestamp === undefined) return refused('malformed', { part: 'timestamp' });
  if (!isMessageId(id)) return refused('malformed', { part: 'id' });
  const macs = entriesOf(list, 'v1,', macLength, maxEntries);
  const ed25519 = entriesOf(list, 'v1a,', ed25519Length, maxEd25519);
  if (macs.length === 0 && ed25519.length === 0) return refused('malformed', { part: 'signature' });
  const before = `${id}.${timestampText}.`;
  return { algorithm: 'sha256', before, after: '', macs, ed25519, timestamp, messageId: id };
}

/**
 * Reads the headers of Standard Webhooks in either spelling (contract/codika.md E.6). Both at once are accepted only
 * where they say the same: otherwise one of them could be checked and the other one believed.
 */
export function readStandard(request: SignedRequest): Claim | Refused {
  const [webhookNames, svixNames] = standardHeaders;
  const webhook = valuesOf(request, webhookNames);
  const svix = valuesOf(request, svixNames);
  const usesSvix = isAbsent(webhook);
  if (!usesSvix && !isAbsent(svix) && !isSame(webhook, svix))
    return refused('malformed', { part: 'headers' });
  const [id, timestamp, signature] = usesSvix ? svix : webhook;
  if (!id || !timestamp || !signature) {
    const names = usesSvix ? svixNames : webhookNames;
    return refused('headers_missing', { missing: names.filter((name) => !request.header(name)) });
  }
  return claimOf(id, timestamp, signature);
}
