import { LatchkeyError, type SignatureCause } from '@latchkey/protocol';
import type { Refused } from './scheme.ts';

/** What is wrong, to follow a colon, and what to do next. */
interface Explanation {
  readonly reason: string;
  readonly advice: string;
}

type Details = Refused['details'];

function listed(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

const providers: Readonly<Record<string, string>> = {
  standard: 'Standard Webhooks',
  stripe: 'Stripe',
  github: 'GitHub',
  hmac: 'an HMAC of your own settings',
};

function providerNames(schemes: unknown): string {
  return Array.isArray(schemes) ? schemes.map((each) => providers[each] ?? String(each)).join(' and ') : '';
}

const advice = {
  wholeSecret:
    'Copy the signing secret once more from the sender, whole, and give it to the sender as it is.',
  headers:
    'Have the sender send the headers of its provider as they are, and have proxies pass them on, each once.',
};

const explanations: Readonly<Record<SignatureCause, (details: Details) => Explanation>> = {
  no_secret: () => ({
    reason: 'no signing secret is stored for this workflow.',
    advice: "Add the sender's signing secret to this workflow, then have the sender deliver again.",
  }),
  headers_missing: ({ missing }) => ({
    reason: `the request does not carry ${listed(missing)}.`,
    advice: advice.headers,
  }),
  malformed: ({ part }) => ({
    reason:
      part === 'headers'
        ? 'the webhook- and the svix- headers contradict each other.'
        : `the ${String(part)} in the headers of the signature cannot be read.`,
    advice: advice.headers,
  }),
  other_provider: ({ presented, stored }) => ({
    reason: `the headers are those of ${providerNames(presented)}, and the stored secrets are for ${providerNames(stored)}.`,
    advice: 'Add the signing secret of this sender under its own scheme, or correct the URL at the sender.',
  }),
  old_secret: () => ({
    reason: 'it was made with a signing secret that has been retired.',
    advice: 'Give the sender the signing secret that is live now, or add the one that it uses.',
  }),
  clock_off: ({ direction, unit }) => ({
    reason: 'its timestamp is too far from the clock of this server.',
    off: direction === 'ahead' ? 'ahead of' : 'behind',
    advice: clockAdvice(direction, unit),
  }),
  body_reserialised: () => ({
    reason: 'it was made for the same content, written differently.',
    advice:
      'Sign the exact bytes that are sent: turn the body into text once, sign that text, and send that same text.',
  }),
  secret_form: ({ form }) => ({
    reason: `it was made with the stored secret in another form: the sender ${String(form)}.`,
    advice: advice.wholeSecret,
  }),
  mismatch: () => ({
    reason:
      'no live secret makes this signature for this body. Either the body was changed, or the secret is another one.',
    advice: 'Add the signing secret that the sender shows now, and have the body passed on byte for byte.',
  }),
};

function clockAdvice(direction: unknown, unit: unknown): string {
  if (unit === 'milliseconds')
    return 'Write the timestamp in seconds: it was sent, and signed, in milliseconds.';
  if (direction === 'ahead')
    return 'Set the clock of the sender, and of this server, by NTP; then deliver again.';
  return 'Sign each delivery anew when it is sent, and set the clocks of the sender and of this server by NTP.';
}

/**
 * The error for a refusal: `NO_SIGNING_SECRET`, `SIGNATURE_EXPIRED` or `INVALID_SIGNATURE`, with the cause in `details`.
 * Holds nothing that helps to forge: no secret, no digest and no expected signature.
 */
export function signatureError({ problem, details: facts }: Refused): LatchkeyError {
  const details = { cause: problem, ...facts };
  const fill = { ...explanations[problem](facts) };
  if (problem === 'no_secret') return new LatchkeyError('NO_SIGNING_SECRET', { details });
  if (problem === 'clock_off') return new LatchkeyError('SIGNATURE_EXPIRED', { details, fill });
  return new LatchkeyError('INVALID_SIGNATURE', { details, fill });
}
