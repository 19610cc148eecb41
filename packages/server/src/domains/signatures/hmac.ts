import type { HmacSettings } from '@latchkey/protocol';
import { readMac } from './mac.ts';
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
  const { header, prefix, timestampHeader, idHeader, template, algorithm, encoding } = settings;
  const timestampText = timestampHeader && request.header(timestampHeader);
  const timestamp = timestampText === undefined ? undefined : readTimestamp(timestampText);
  if (timestampText !== undefined && timestamp === undefined)
    return refused('malformed', { part: 'timestamp' });
  const messageId = idHeader && request.header(idHeader);
  if (messageId !== undefined && !isMessageId(messageId)) return refused('malformed', { part: 'id' });
  const value = request.header(header) ?? '';
  const mac = value.startsWith(prefix) ? readMac(value.slice(prefix.length), settings) : undefined;
  if (mac === undefined) return refused('malformed', { part: 'signature' });
  const [before, after] = around(template, { timestamp: timestampText ?? '', id: messageId ?? '' });
  return { algorithm, encoding, before, after, macs: [mac], ed25519: [], timestamp, messageId };
}
