import type { MacEncoding } from './held-secret.ts';

/** What is wrong with a message that is not what it says. */
export type WebhookFault = 'headers-missing' | 'malformed' | 'clock-off' | 'mismatch';

const messages: Readonly<Record<WebhookFault, string>> = {
  'headers-missing': 'The message is not signed: a header of its signature is missing.',
  malformed: 'A header of the signature is not of the form that it should have.',
  'clock-off': 'The message was signed too long ago, or in the future.',
  mismatch: 'The signature is not that of this body under any of the secrets.',
};

/** Somebody else sent this, or it was changed or delayed on the way. Nothing of it may be believed. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  readonly fault: WebhookFault;

  constructor(fault: WebhookFault) {
    super(messages[fault]);
    this.fault = fault;
  }
}

/** Headers as a request has them, in Node or by the standard of the web. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header by its lower-case name. */
export type WebhookHeader = (name: string) => string | undefined;

/** Reads them; one that came twice is none. */
export function headerReader(headers: WebhookHeaders): WebhookHeader {
  const { get } = headers;
  if (typeof get === 'function') return (name) => get.call(headers, name) ?? undefined;
  const fields = headers as Readonly<Record<string, unknown>>;
  return (name) => {
    const value = fields[name];
    return typeof value === 'string' ? value : undefined;
  };
}

/** What the headers of a message say. */
export interface Claim {
  /** What is signed before the body. */
  readonly before: string;
  readonly encoding: MacEncoding;
  readonly macs: readonly string[];
  /** Unix seconds; of GitHub there are none. */
  readonly timestamp: number | undefined;
  /** The same when the message is sent again. Not signed by GitHub, and not known of Stripe. */
  readonly id: string | undefined;
}

/** A sender that changes its secret signs with both; of more than these nothing is looked at. */
export const maxMacs = 16;

/** Unix seconds. */
export function readTimestamp(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new WebhookRefused('malformed');
  return Number(text);
}
