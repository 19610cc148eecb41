import type { HmacSettings } from '@latchkey/protocol';
import { decodeSignature } from './encoding.ts';
import { macBytes } from './mac.ts';
import { isMessageId } from './message-id.ts';
import { type Claim, type Refused, refused, type SignedRequest } from './scheme.ts';
import { readTimestamp } from './timestamp.ts';

function missingOf(
  request: SignedRequest,
  { header, timestampHeader, idHeader, template }: HmacSettings,
): string[] {
  const needed = [header, timestampHeader, template.includes('{id}') ? idHeader : undefined];
  return needed.filter((name) => name !== undefined).filter((name) => !request.header(name));
}

function readMac(value: string, { prefix, encoding, algorithm }: HmacSettings): Buffer | undefined {
  if (!value.startsWith(prefix)) return undefined;
  const mac = decodeSignature(value.slice(prefix.length), encoding);
  return mac?.length === macBytes[algorithm] ? mac : undefined;
}

/** The two halves of the template around the body. Values are put in at once, so that none is read as a placeholder. */
function around(template: string, values: Readonly<Record<string, string>>): [string, string] {
  const [before = '', after = ''] = template
    .split('{body}')
    .map((part) => part.replace(/\{(timestamp|id)\}/g, (_, name: string) => values[name] ?? ''));
  return [before, after];
}

/** Reads the headers that the settings name. */
export function readHmac(request: SignedRequest, settings: HmacSettings): Claim | Refused {
  const missing = missingOf(request, settings);
  if (missing.length > 0) return refused('headers_missing', { missing });
  const { header, timestampHeader, idHeader, template, algorithm } = settings;
  const timestampText = timestampHeader && request.header(timestampHeader);
  const timestamp = timestampText === undefined ? undefined : readTimestamp(timestampText);
  if (timestampText !== undefined && timestamp === undefined)
    return refused('malformed', { part: 'timestamp' });
  const messageId = idHeader && request.header(idHeader);
  if (messageId !== undefined && !isMessageId(messageId)) return refused('malformed', { part: 'id' });
  const mac = readMac(request.header(header) ?? '', settings);
  if (mac === undefined) return refused('malformed', { part: 'signature' });
  const [before, after] = around(template, { timestamp: timestampText ?? '', id: messageId ?? '' });
  return { algorithm, before, after, macs: [mac], ed25519: [], timestamp, messageId };
}
