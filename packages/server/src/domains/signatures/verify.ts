import type { SigningScheme } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import { readGithub } from './github.ts';
import { readHmac } from './hmac.ts';
import { isSignedBy } from './mac.ts';
import { digestOfSigned } from './message-id.ts';
import { signatureHeaderOf, signatureHeadersIn } from './present.ts';
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
  return {
    ok: true,
    secretId: id,
    scheme,
    messageId: messageIdOf(scheme, claim, body),
    ...(claim.timestamp === undefined ? {} : { timestampMs: claim.timestamp * secondMs }),
    rememberMs: rememberMsOf(claim.timestamp, toleranceSeconds),
  };
}

/** The signature first, then the clock: that a message is too old is said only to who could sign it. */
function check(request: SignedRequest, claim: Claim, secret: SigningSecret): Verdict {
  const offered = secret.key.type === 'public' ? claim.ed25519 : claim.macs;
  if (offered.length === 0) return refused('malformed', { part: 'signature' });
  if (!isSignedBy(secret.key, claim, request.body)) return refused('mismatch');
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

/** Accepts if any of the secrets, all of one scheme, made the signature. */
function verifyScheme(request: SignedRequest, secrets: readonly SigningSecret[]): Verdict {
  let refusal: Refused | undefined;
  let claim: Claim | Refused | undefined;
  for (const secret of secrets) {
    if (claim === undefined || secret.scheme === 'hmac') claim = readClaim(request, secret);
    const verdict = isRefused(claim) ? claim : check(request, claim, secret);
    if (verdict.ok) return verdict;
    refusal = moreTelling(refusal, verdict);
  }
  return refusal ?? refused('no_secret');
}

function refuseWithoutSecret(presented: readonly SigningScheme[], live: readonly SigningSecret[]): Refused {
  if (live.length === 0) return refused('no_secret');
  const stored = [...new Set(live.map(({ scheme }) => scheme))];
  return presented.length === 0
    ? refused('headers_missing', { missing: live.map(signatureHeaderOf) })
    : refused('other_provider', { presented, stored });
}

/**
 * Checks the signature of a request against the secrets of its endpoint, over the exact bytes and in constant time.
 *
 * A request that carries the signatures of several providers must satisfy each of whom a secret is stored. Nothing is
 * remembered here: whether the message came before is for the caller to find by `messageId`. Safe to call concurrently.
 */
export function verifySignature(request: SignedRequest, secrets: readonly SigningSecret[]): Verdict {
  const presented = signatureHeadersIn(request, secrets);
  const live = secrets.filter(({ retired }) => !retired);
  let accepted: Accepted | undefined;
  for (const scheme of presented) {
    const ofScheme = live.filter((secret) => secret.scheme === scheme);
    if (ofScheme.length === 0) continue;
    const verdict = verifyScheme(request, ofScheme);
    if (!verdict.ok) return verdict;
    accepted ??= verdict;
  }
  return accepted ?? refuseWithoutSecret(presented, live);
}
