import type { ErrorCode, LatchkeyError } from '@latchkey/protocol';

/** What a page says in place of a command to run. */
const texts: Partial<Record<ErrorCode, string>> = {
  EMAIL_REQUIRED: 'Type your email address.',
  EMAIL_INVALID: 'This is not a valid email address.',
  OTP_NOT_FOUND: 'No code is pending for this address. Get a new code below.',
  OTP_EXPIRED: 'The code is older than 10 minutes. Get a new code below.',
  OTP_ALREADY_USED: 'The code has already been used. Get a new code below.',
  OTP_PURPOSE_MISMATCH:
    'The newest code for this address was requested in a terminal, for something else. Get a new code below.',
  OTP_LOCKED_OUT: 'There were 5 wrong attempts, so the code no longer works. Get a new code below.',
};

/** What went wrong, for a person in front of a page. */
export function problemText({ code, message, details, nextAction }: LatchkeyError): string {
  const left = details?.attemptsRemaining;
  if (code === 'OTP_INVALID') {
    return `The code is wrong. Only the newest one counts; ${left} ${left === 1 ? 'attempt is' : 'attempts are'} left.`;
  }
  return texts[code] ?? `${message} ${nextAction}`;
}
