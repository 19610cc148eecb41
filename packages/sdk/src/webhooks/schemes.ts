import { type Claim, maxMacs, readTimestamp, type WebhookHeader, WebhookRefused } from './claim.ts';

/** How a sender signs: Standard Webhooks (Latchkey, Svix and others), GitHub, or Stripe. */
export type WebhookScheme = 'standard' | 'github' | 'stripe';

const standardHeaders = ['id', 'timestamp', 'signature'] as const;
const maxHeaderLength = 4096;

function standardValues(header: WebhookHeader, prefix: string): string[] {
  return standardHeaders.map((name) => header(`${prefix}-${name}`) ?? '');
}

/** Both spellings at once are good only where they agree: one would be checked and the other believed. */
function readStandard(header: WebhookHeader): Claim {
  const [own, svix] = [standardValues(header, 'webhook'), standardValues(header, 'svix')];
  const [ownIsThere, svixIsThere] = [own, svix].map((values) => values.some((value) => value !== ''));
  if (ownIsThere && svixIsThere && own.join('\n') !== svix.join('\n')) throw new WebhookRefused('malformed');
  const [id = '', time = '', list = ''] = ownIsThere ? own : svix;
  if (id === '' || time === '' || list === '') throw new WebhookRefused('headers-missing');
  // A dot in the id would let one message be read as another.
  if (id.includes('.') || id.length > 256) throw new WebhookRefused('malformed');
  const entries = list.split(' ', maxMacs);
  const macs = entries.filter((entry) => entry.startsWith('v1,')).map((entry) => entry.slice('v1,'.length));
  return { before: `${id}.${time}.`, encoding: 'base64', macs, timestamp: readTimestamp(time), id };
}

function readStripe(header: WebhookHeader): Claim {
  const text = header('stripe-signature');
  if (!text) throw new WebhookRefused('headers-missing');
  const pairs = text.slice(0, maxHeaderLength).split(',');
  const valuesOf = (name: string) =>
    pairs
      .map((pair) => pair.trim())
      .flatMap((pair) => (pair.startsWith(name) ? [pair.slice(name.length)] : []));
  const [time = '', ...more] = valuesOf('t=');
  if (more.length > 0) throw new WebhookRefused('malformed');
  const macs = valuesOf('v1=').slice(0, maxMacs);
  return { before: `${time}.`, encoding: 'hex', macs, timestamp: readTimestamp(time), id: undefined };
}

function readGithub(header: WebhookHeader): Claim {
  const text = header('x-hub-signature-256');
  if (!text) throw new WebhookRefused('headers-missing');
  const mac = /^sha256=([0-9a-f]{64})$/.exec(text)?.[1];
  if (mac === undefined) throw new WebhookRefused('malformed');
  const id = header('x-github-delivery');
  return { before: '', encoding: 'hex', macs: [mac], timestamp: undefined, id };
}

/** What the headers of a message of each scheme say; throws `WebhookRefused` where they say nothing that is signed. */
export const readers: Readonly<Record<WebhookScheme, (header: WebhookHeader) => Claim>> = {
  standard: readStandard,
  github: readGithub,
  stripe: readStripe,
};
