import { type SigningScheme, signingSchemes } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import { readGithub } from './github.ts';
import { readHmac } from './hmac.ts';
import { isSignedBy, isWellFormed } from './mac.ts';
import { digestOfSigned } from './message-id.ts';
import { isPresented, signatureHeaderOf, signatureHeadersIn } from './present.ts';
import {
  type Accepted,
  type Claim,
  isRefused,
  type Refused,
  refused,
  type SignedRequest,
  type SigningSecret,
  type Verdict,
} from './scheme.ts';
import { readStandard } from './standard.ts';
import { readStripe, stripeEventId } from './stripe.ts';
import { refuseByClock, rememberMsOf } from './timestamp.ts';

const readers = { standard: readStandard, stripe: readStripe, github: readGithub } as const;

/** What a request claims under the scheme of a secret; by its settings where the scheme has some. */
export function readClaim(request: SignedRequest, secret: SigningSecret): Claim | Refused {
  return secret.scheme === 'hmac' ? readHmac(request, secret.settings) : readers[secret.scheme](request);
}

function messageIdOf(scheme: SigningScheme, claim: Claim, body: Buffer): string {
  const named = scheme === 'stripe' ? stripeEventId(body) : claim.messageId;
  return `${scheme}:${named ?? digestOfSigned(claim, body)}`;
}

function accept({ id, scheme, toleranceSeconds }: SigningSecret, claim: Claim, body: Buffer): Accepted {
  const { timestamp } = claim;
  return {
    ok: true,
    secretId: id,
    scheme,
    messageId: messageIdOf(scheme, claim, body),
    timestampMs: timestamp === undefined ? undefined : timestamp * secondMs,
    rememberMs: rememberMsOf(timestamp, toleranceSeconds),
  };
}

/** Whether a claim holds anything that a key of this kind could have made. */
function isReadable(claim: Claim, { key }: SigningSecret): boolean {
  if (key.type === 'public') return claim.ed25519.length > 0;
  return claim.macs.some((mac) => isWellFormed(mac, claim));
}

/** The signature first, then the clock: that a message is too old is said only to who could sign it. */
function check(request: SignedRequest, claim: Claim, secret: SigningSecret): Verdict {
  if (!isSignedBy(secret.key, claim, request.body)) {
    return isReadable(claim, secret) ? refused('mismatch') : refused('malformed', { part: 'signature' });
  }
  const late =
    claim.timestamp === undefined
      ? undefined
      : refuseByClock(claim.timestamp, request.nowMs, secret.toleranceSeconds);
  return late ?? accept(secret, claim, request.body);
}

/** What says most about a request that several secrets refused, last. */
const tellingOrder: readonly string[] = ['headers_missing', 'malformed', 'mismatch', 'clock_off'];

function moreTelling(one: Refused | undefined, other: Refused): Refused {
  if (one === undefined) return other;
  return tellingOrder.indexOf(other.problem) > tellingOrder.indexOf(one.problem) ? other : one;
}

/**
 * Accepts if any of the live secrets of a scheme made the signature; `undefined` where there is no such secret, or no
 * such signature. Looks for the secret first: most endpoints have those of one scheme.
 */
function verifyScheme(
  request: SignedRequest,
  secrets: readonly SigningSecret[],
  scheme: SigningScheme,
): Verdict | undefined {
  let refusal: Refused | undefined;
  let claim: Claim | Refused | undefined;
  for (const secret of secrets) {
    if (secret.retired || secret.scheme !== scheme) continue;
    if (refusal === undefined && !isPresented(request, secrets, scheme)) return undefined;
    if (claim === undefined || scheme === 'hmac') claim = readClaim(request, secret);
    const verdict = isRefused(claim) ? claim : check(request, claim, secret);
    if (verdict.ok) return verdict;
    refusal = moreTelling(refusal, verdict);
  }
  return refusal;
}

/** For a request that no live secret is for. */
function refuseUnchecked(request: SignedRequest, secrets: readonly SigningSecret[]): Refused {
  const live = secrets.filter(({ retired }) => !retired);
  if (live.length === 0) return refused('no_secret');
  const presented = signatureHeadersIn(request, secrets);
  if (presented.length === 0) return refused('headers_missing', { missing: live.map(signatureHeaderOf) });
  return refused('other_provider', { presented, stored: [...new Set(live.map(({ scheme }) => scheme))] });
}

/**
 * Checks the signature of a request against the secrets of its endpoint, over the exact bytes and in constant time.
 *
 * A request that carries the signatures of several providers must satisfy each of whom a secret is stored. Nothing is
 * remembered here: whether the message came before is for the caller to find by `messageId`. Safe to call concurrently.
 */
export function verifySignature(request: SignedRequest, secrets: readonly SigningSecret[]): Verdict {
  let accepted: Accepted | undefined;
  for (const scheme of signingSchemes) {
    const verdict = verifyScheme(request, secrets, scheme);
    if (verdict?.ok === false) return verdict;
    accepted ??= verdict;
  }
  return accepted ?? refuseUnchecked(request, secrets);
}
