import type { KeyObject } from 'node:crypto';
import { isSignedBy } from './mac.ts';
import { otherBodies } from './other-bodies.ts';
import { otherKeys } from './other-keys.ts';
import { signatureHeadersIn } from './present.ts';
import {
  type Claim,
  isRefused,
  type Refused,
  refused,
  type SignedRequest,
  type SigningSecret,
} from './scheme.ts';
import { readClaim } from './verify.ts';

/** A larger body is not looked at: what a stranger sends must not cost more than it is worth. */
const maxBodyBytes = 256 * 1024;

/** What a search may spend; the two of them are some tens of milliseconds for the largest body. */
const budget = { checks: 250, bytes: 4 * 1024 * 1024 };

/** A secret with what the request claims under its scheme. */
interface Suspect {
  readonly secret: SigningSecret;
  readonly claim: Claim;
}

function suspectsOf(request: SignedRequest, secrets: readonly SigningSecret[]): Suspect[] {
  const presented = signatureHeadersIn(request, secrets);
  return secrets.flatMap((secret) => {
    const claim = presented.includes(secret.scheme) ? readClaim(request, secret) : undefined;
    return claim === undefined || isRefused(claim) ? [] : [{ secret, claim }];
  });
}

/** Checks signatures, and says no without looking once the budget is spent. */
interface Checker {
  isSigned(suspect: Suspect, using: { readonly key?: KeyObject; readonly body?: Buffer }): boolean;
  isSpent(): boolean;
}

function checkerOf(request: SignedRequest): Checker {
  let { checks, bytes } = budget;
  const isSpent = () => checks <= 0 || bytes <= 0;
  return {
    isSpent,
    isSigned({ secret, claim }, { key = secret.key, body = request.body }) {
      if (isSpent()) return false;
      checks--;
      bytes -= body.length;
      return isSignedBy(key, claim, body);
    },
  };
}

function findOldSecret(suspects: readonly Suspect[], checker: Checker): Refused | undefined {
  const old = suspects.filter(({ secret }) => secret.retired);
  return old.some((suspect) => checker.isSigned(suspect, {})) ? refused('old_secret') : undefined;
}

function findSecretForm(suspects: readonly Suspect[], checker: Checker): Refused | undefined {
  for (const suspect of suspects) {
    for (const { key, form } of otherKeys(suspect.secret)) {
      if (checker.isSigned(suspect, { key })) return refused('secret_form', { form });
      if (checker.isSpent()) return undefined;
    }
  }
  return undefined;
}

function findBody(suspects: readonly Suspect[], checker: Checker, sent: Buffer): Refused | undefined {
  for (const body of otherBodies(sent)) {
    if (suspects.some((suspect) => checker.isSigned(suspect, { body }))) return refused('body_reserialised');
    if (checker.isSpent()) return undefined;
  }
  return undefined;
}

/** What a look at old secrets, other forms of the live ones and other bodies can explain. */
const unexplained: readonly Refused['problem'][] = ['mismatch', 'other_provider', 'no_secret'];

/**
 * Looks for the cause of a refusal that `verifySignature` gave for the same request and secrets; answers that refusal
 * itself where there is none to find. Accepts nothing, whatever it finds.
 *
 * Costs up to 500 signature checks over 8 MiB in all, so that a caller who refuses many requests may want to leave it
 * out for some.
 */
export function diagnose(
  request: SignedRequest,
  secrets: readonly SigningSecret[],
  refusal: Refused,
): Refused {
  if (!unexplained.includes(refusal.problem) || request.body.length > maxBodyBytes) return refusal;
  const suspects = suspectsOf(request, secrets);
  const keyChecker = checkerOf(request);
  const live = suspects.filter(({ secret }) => !secret.retired);
  return (
    findOldSecret(suspects, keyChecker) ??
    findSecretForm(live, keyChecker) ??
    findBody(live, checkerOf(request), request.body) ??
    refusal
  );
}
