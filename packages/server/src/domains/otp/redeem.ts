import { LatchkeyError } from '@latchkey/protocol';
import type { Reader, Writer } from '../../storage/index.ts';
import { refuseIfRollingSpent, spendRolling } from '../limits/index.ts';
import type { OtpDeps } from './deps.ts';
import { matchesCode, wrongCodesPerEmail } from './otp.rules.ts';
import {
  type Challenge,
  deleteChallenge,
  findNewest,
  markUsed,
  type Purpose,
  takeAttempt,
} from './otp.sql.ts';

/** The command that asks for a new code; the sign-in page says it in its own words. */
const requestCommand: Record<Purpose, string> = {
  signup: 'signup-request',
  login: 'login-request',
  session: 'login-request',
};

const purposeName: Record<Purpose, string> = {
  signup: 'signup',
  login: 'login',
  session: 'sign-in in the browser',
};

/** The challenge that a code may be tried on; the order of refusals is that of contract/codika.md C.4. */
async function redeemable(db: Reader, email: string, purpose: Purpose, now: number): Promise<Challenge> {
  const fill = { request: requestCommand[purpose] };
  const challenge = await findNewest(db, email);
  if (challenge === undefined) throw new LatchkeyError('OTP_NOT_FOUND', { fill });
  if (challenge.used_at !== null) throw new LatchkeyError('OTP_ALREADY_USED', { fill });
  if (challenge.expires_at <= now) throw new LatchkeyError('OTP_EXPIRED', { fill });
  if (challenge.purpose !== purpose) {
    throw new LatchkeyError('OTP_PURPOSE_MISMATCH', {
      fill: { ...fill, purpose: purposeName[challenge.purpose] },
    });
  }
  return challenge;
}

/**
 * Counts a wrong code against the code and against the day, both or neither, and says what that leaves. The
 * statements decide, not the comparison before them: beyond the limits an answer no longer tells wrong from right.
 */
async function countWrong(deps: OtpDeps, challenge: Challenge, now: number): Promise<LatchkeyError> {
  const fill = { request: requestCommand[challenge.purpose] };
  return deps.store.write(async (trx) => {
    await spendRolling(trx, wrongCodesPerEmail(challenge.email), now, 'EMAIL_RATE_LIMITED');
    const attemptsRemaining = await takeAttempt(trx, challenge.id);
    if (attemptsRemaining === undefined) {
      await redeemable(trx, challenge.email, challenge.purpose, now);
      throw new LatchkeyError('OTP_NOT_FOUND', { fill });
    }
    if (attemptsRemaining > 0) return new LatchkeyError('OTP_INVALID', { details: { attemptsRemaining } });
    await deleteChallenge(trx, challenge.id);
    return new LatchkeyError('OTP_LOCKED_OUT', { fill });
  });
}

/** A code that has proved right, and is not used up yet. */
export interface ProvenCode {
  readonly challenge: Challenge;
}

/**
 * Checks a code without using it up: a right code stays good until `useUp` commits, so that what the caller has to
 * correct first (a missing organization id, a name that is too long) costs nothing. A wrong one is counted.
 */
export async function proveCode(
  deps: OtpDeps,
  purpose: Purpose,
  email: string,
  code: string,
): Promise<ProvenCode> {
  const now = deps.clock.now();
  const challenge = await redeemable(deps.store.db, email, purpose, now);
  await refuseIfRollingSpent(deps.store.db, wrongCodesPerEmail(email), now, 'EMAIL_RATE_LIMITED');
  if (!matchesCode(deps.secrets, challenge, code)) throw await countWrong(deps, challenge, now);
  return { challenge };
}

/** Throws what a proven code is refused with by now, if it is. */
export async function requireStillGood(db: Reader, { challenge }: ProvenCode, now: number): Promise<void> {
  await redeemable(db, challenge.email, challenge.purpose, now);
}

/**
 * Uses a proven code up in the caller's transaction; of any number of callers exactly one gets past it. The day's
 * wrong codes are looked at again once the challenge is held: the last of them may have been counted meanwhile.
 */
export async function useUp(trx: Writer, proven: ProvenCode, now: number): Promise<void> {
  const { challenge } = proven;
  if (await markUsed(trx, challenge.id, now)) {
    return refuseIfRollingSpent(trx, wrongCodesPerEmail(challenge.email), now, 'EMAIL_RATE_LIMITED');
  }
  await requireStillGood(trx, proven, now);
  throw new LatchkeyError('OTP_NOT_FOUND', { fill: { request: requestCommand[challenge.purpose] } });
}
