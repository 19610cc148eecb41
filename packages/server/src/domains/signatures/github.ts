import { readMac } from './mac.ts';
import { isMessageId } from './message-id.ts';
import { type Claim, type Refused, refused, type SignedRequest } from './scheme.ts';

/** The second is SHA-1, which GitHub still sends beside the first; alone it says that a signature was meant. */
export const githubHeaders = ['x-hub-signature-256', 'x-hub-signature'] as const;

const prefix = 'sha256=';
const kind = { algorithm: 'sha256', encoding: 'hex' } as const;

/**
 * Reads `X-Hub-Signature-256` and `X-GitHub-Delivery`.
 *
 * The delivery id is not signed: it keeps a delivery that GitHub repeats from running twice, and does not stop
 * somebody who holds a whole request and writes another id.
 */
export function readGithub(request: SignedRequest): Claim | Refused {
  const header = request.header(githubHeaders[0]);
  if (!header) return refused('headers_missing', { missing: [githubHeaders[0]] });
  const mac = header.startsWith(prefix) ? readMac(header.slice(prefix.length), kind) : undefined;
  if (mac === undefined) return refused('malformed', { part: 'signature' });
  const messageId = request.header('x-github-delivery');
  if (messageId !== undefined && !isMessageId(messageId)) return refused('malformed', { part: 'id' });
  return { ...kind, before: '', after: '', macs: [mac], ed25519: [], timestamp: undefined, messageId };
}
