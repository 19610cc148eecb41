import { createHmac } from 'node:crypto';
import { dayMs, hourMs, minuteMs, secondMs } from '../../platform/clock.ts';
import { isSameSecret } from '../../platform/same-secret.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Limit } from '../limits/index.ts';
import type { Purpose } from './otp.sql.ts';

/** The constants of the emailed-code page (seed; contract/codika.md C.1). */
export const codeLength = 6;
export const codeLifeMs = 10 * minuteMs;
export const attemptsPerCode = 5;

/**
 * One code at a time for an address. Sign-up and log-in share it (contract/codika.md C.4); signing in on the pages has
 * its own, since people do that right after they have signed up.
 */
export function resendCooldown(email: string, purpose: Purpose): Limit {
  const shared = purpose === 'session' ? 'otp-cooldown-session' : 'otp-cooldown';
  return { name: `${shared} ${email}`, limit: 1, windowMs: 30 * secondMs };
}

export function requestsPerEmail(email: string): Limit {
  return { name: `otp-requests-email ${email}`, limit: 20, windowMs: hourMs };
}

export function requestsPerAddress(address: string): Limit {
  return { name: `otp-requests-ip ${address}`, limit: 60, windowMs: hourMs };
}

/**
 * Wrong codes for an address across all its codes; rolling. A hundred guesses in any 24 hours find a 6-digit code with
 * a chance of 1 in 10,000 at most, however often new codes are requested.
 */
export function wrongCodesPerEmail(email: string): Limit {
  return { name: `otp-wrong-codes ${email}`, limit: 100, windowMs: dayMs };
}

/** The digest under which a code is kept; bound to its challenge, so that equal codes have different digests. */
export function digestCode(secrets: Secrets, challengeId: string, code: string): string {
  return createHmac('sha256', secrets.codePepper).update(`${challengeId}.${code}`).digest('base64url');
}

/** Compares a presented code in constant time. */
export function matchesCode(
  secrets: Secrets,
  challenge: { id: string; code_digest: string },
  code: string,
): boolean {
  return isSameSecret(digestCode(secrets, challenge.id, code), challenge.code_digest);
}
