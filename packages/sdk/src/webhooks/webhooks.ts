import { type Claim, headerReader, type WebhookHeaders, WebhookRefused } from './claim.ts';
import { type HeldSecret, holdSecret, isSame } from './held-secret.ts';
import { readers, type WebhookScheme } from './schemes.ts';

export { type WebhookFault, type WebhookHeaders, WebhookRefused } from './claim.ts';
export type { WebhookScheme } from './schemes.ts';

export interface WebhookVerifierOptions {
  /** `standard` unless told. */
  readonly scheme?: WebhookScheme;
  /** How far its timestamp may lie from now, to either side; 5 minutes unless told. */
  readonly toleranceSeconds?: number;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** What a message says of itself that has been verified. */
export interface VerifiedWebhook {
  /** The same when the message is sent again: remember it, and do nothing twice. GitHub does not sign it; Stripe has none. */
  readonly id: string | undefined;
  /** Unix milliseconds; GitHub does not say. */
  readonly sentAt: number | undefined;
}

export interface WebhookVerifier {
  /**
   * Verifies a message by its exact bytes, as they came: parsed and written again they are others.
   *
   * @throws {WebhookRefused} when it is not from a holder of one of the secrets, or not from about now.
   */
  verify(body: Uint8Array | string, headers: WebhookHeaders): Promise<VerifiedWebhook>;
}

export interface WebhookSigner {
  /** The headers of Standard Webhooks for a body, exactly as it is then sent. Give a repetition the id it had. */
  sign(body: Uint8Array | string, id: string): Promise<Record<string, string>>;
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : text;
}

/** Standard Webhooks write secrets in base64, behind `whsec_`; the others as they are. */
function secretBytes(secret: string, scheme: WebhookScheme): Uint8Array<ArrayBuffer> {
  if (secret.replace(/^whsec_/, '') === '') throw new TypeError('A secret for webhooks is empty.');
  if (scheme !== 'standard') return new TextEncoder().encode(secret);
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    // The runtime's error may quote it.
    throw new TypeError('A secret for webhooks is not base64.');
  }
}

function holdAll(secrets: string | readonly string[], scheme: WebhookScheme): HeldSecret[] {
  const all = typeof secrets === 'string' ? [secrets] : secrets;
  if (all.length === 0) throw new TypeError('No secret for webhooks was given.');
  return all.map((secret) => holdSecret(secretBytes(secret, scheme)));
}

async function isGenuine(
  { before, encoding, macs }: Claim,
  body: Uint8Array,
  secrets: readonly HeldSecret[],
) {
  for (const secret of secrets) {
    const expected = await secret.mac(before, body, encoding);
    if (macs.some((mac) => isSame(expected, mac))) return true;
  }
  return false;
}

/**
 * Verifies what others sign: what Latchkey sends to targets and other Standard Webhooks, GitHub, or Stripe. Of several
 * secrets any is good, so that one can be changed for another while both are in use.
 *
 * @throws {TypeError} when a secret cannot be used; the message never holds it.
 */
export function createWebhookVerifier(
  secrets: string | readonly string[],
  { scheme = 'standard', toleranceSeconds = 300, now = Date.now }: WebhookVerifierOptions = {},
): WebhookVerifier {
  const held = holdAll(secrets, scheme);
  return {
    async verify(body, headers) {
      const claim = readers[scheme](headerReader(headers));
      const { timestamp, id } = claim;
      const offSeconds = timestamp === undefined ? 0 : Math.abs(now() / 1000 - timestamp);
      if (offSeconds > toleranceSeconds) throw new WebhookRefused('clock-off');
      if (!(await isGenuine(claim, bytesOf(body), held))) throw new WebhookRefused('mismatch');
      return { id, sentAt: timestamp === undefined ? undefined : timestamp * 1000 };
    },
  };
}

/**
 * Signs as Standard Webhooks does; with each of several secrets, while receivers change from one to another.
 *
 * @throws {TypeError} when a secret cannot be used; the message never holds it.
 */
export function createWebhookSigner(
  secrets: string | readonly string[],
  { now = Date.now }: Pick<WebhookVerifierOptions, 'now'> = {},
): WebhookSigner {
  const held = holdAll(secrets, 'standard');
  return {
    async sign(body, id) {
      if (!/^[\x21-\x2d\x2f-\x7e]{1,256}$/.test(id)) {
        throw new TypeError('The id of a message is printable ASCII without spaces and dots.');
      }
      const timestamp = String(Math.floor(now() / 1000));
      const bytes = bytesOf(body);
      const signWith = async (each: HeldSecret) => await each.mac(`${id}.${timestamp}.`, bytes, 'base64');
      const macs = await Promise.all(held.map(signWith));
      return {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': macs.map((mac) => `v1,${mac}`).join(' '),
      };
    },
  };
}
