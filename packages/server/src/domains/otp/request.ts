import { LatchkeyError, type Output } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import { findUser, membershipsOf, normalizeEmail } from '../accounts/index.ts';
import type { Audited } from '../audit/index.ts';
import { refuseIfRollingSpent, spend, uncountOne } from '../limits/index.ts';
import { pendingInvitations } from '../members/index.ts';
import type { Caller, OtpDeps } from './deps.ts';
import { codeMail } from './message.ts';
import {
  attemptsPerCode,
  codeLength,
  codeLifeMs,
  digestCode,
  requestsPerAddress,
  requestsPerEmail,
  resendCooldown,
  wrongCodesPerEmail,
} from './otp.rules.ts';
import { type Challenge, deleteChallenge, deleteReplaced, insertChallenge, type Purpose } from './otp.sql.ts';

/** Whether an account exists shows in the published codes; the limit per network address bounds the asking. */
async function checkAccount(deps: OtpDeps, purpose: Purpose, email: string): Promise<void> {
  // Whoever signs in on a page has an account from then on; an invitation is accepted there, too.
  if (purpose === 'session') return;
  const user = await findUser(deps.store.db, email);
  const belongs = user !== undefined && (await membershipsOf(deps.store.db, user.id)).length > 0;
  if (purpose === 'signup') {
    if (belongs) throw new LatchkeyError('USER_ALREADY_HAS_ORGANIZATION');
    return;
  }
  // Who is invited proves their address by logging in, with or without an account.
  if (!belongs && (await pendingInvitations(deps.store.db, email)).length > 0) return;
  if (user === undefined) throw new LatchkeyError('USER_NOT_FOUND');
  if (!belongs) throw new LatchkeyError('USER_HAS_NO_ORGANIZATION');
}

/** Answers the challenges that this one replaces, unless its mail is refused: mails may overtake each other. */
async function storeChallenge(deps: OtpDeps & Audited, challenge: Challenge): Promise<string[]> {
  const { email, purpose, created_at: now } = challenge;
  return deps.store.write(async (trx) => {
    await spend(trx, resendCooldown(email, purpose), now, 'OTP_RESEND_COOLDOWN');
    await spend(trx, requestsPerEmail(email), now, 'EMAIL_RATE_LIMITED');
    await refuseIfRollingSpent(trx, wrongCodesPerEmail(email), now, 'EMAIL_RATE_LIMITED');
    const replaced = await insertChallenge(trx, challenge);
    await deps.audit.record(trx, { organizationId: null, id: challenge.id });
    return replaced;
  });
}

/** A code that was not mailed never was: no cooldown, no count, and the code before it is good again. */
async function takeBack(deps: OtpDeps, { id, email, purpose }: Challenge): Promise<void> {
  await deps.store.write(async (trx) => {
    await deleteChallenge(trx, id);
    await uncountOne(trx, resendCooldown(email, purpose).name);
    await uncountOne(trx, requestsPerEmail(email).name);
  });
}

/**
 * Emails a code. The limits are counted in the database before anything is sent, and the code is kept before it is
 * mailed, so that even an immediate reader finds it. Throws the codes of contract/codika.md C.3.1 and C.3.3.
 */
export async function requestCode(
  deps: OtpDeps & Audited,
  purpose: Purpose,
  input: { email: string },
  caller: Caller,
): Promise<Output<'otp.requestSignup'>> {
  const email = normalizeEmail(input.email);
  const now = deps.clock.now();
  await deps.store.write((trx) => spend(trx, requestsPerAddress(caller.address), now, 'IP_RATE_LIMITED'));
  await checkAccount(deps, purpose, email);
  const id = deps.random.uuid();
  const code = deps.random.digits(codeLength);
  const challenge: Challenge = {
    id,
    email,
    purpose,
    code_digest: digestCode(deps.secrets, id, code),
    attempts_remaining: attemptsPerCode,
    created_at: now,
    expires_at: now + codeLifeMs,
    used_at: null,
  };
  const replaced = await storeChallenge(deps, challenge);
  try {
    await deps.mailer.send(codeMail(email, code, purpose));
  } catch (cause) {
    await takeBack(deps, challenge);
    throw new LatchkeyError('INTERNAL', { cause, internal: 'the code could not be mailed' });
  }
  await deps.store.write((trx) => deleteReplaced(trx, replaced));
  return { email, expiresInSeconds: codeLifeMs / secondMs };
}
