import { later, once } from './entry.ts';

/** Errors of emailed codes. */
export const emailedCodeEntries = {
  EMAIL_REQUIRED: {
    status: 400,
    message: 'An email address is required.',
    nextAction: 'Give the address: `--email <email>`.',
    ...once,
  },
  EMAIL_INVALID: {
    status: 400,
    message: 'This is not a valid email address.',
    nextAction: 'Correct the address given with `--email`.',
    ...once,
  },
  USER_ALREADY_HAS_ORGANIZATION: {
    status: 409,
    message: 'This email address already has an organization.',
    nextAction: 'Log in instead: `latchkey auth login-request --email <email>`.',
    ...once,
  },
  USER_NOT_FOUND: {
    status: 404,
    message: 'There is no account for this email address.',
    nextAction: 'Sign up instead: `latchkey auth signup-request --email <email>`.',
    ...once,
  },
  USER_HAS_NO_ORGANIZATION: {
    status: 409,
    message: 'This account does not belong to any organization.',
    nextAction: 'Sign up to create one: `latchkey auth signup-request --email <email>`.',
    ...once,
  },
  OTP_RESEND_COOLDOWN: {
    status: 429,
    message: 'A code was requested for this email address less than 30 seconds ago.',
    nextAction: 'Wait {retryInSeconds} seconds, then request a new code. The code already sent still works.',
    ...later,
  },
  EMAIL_RATE_LIMITED: {
    status: 429,
    message: 'There were too many requests for this email address.',
    nextAction: 'Wait {retryInSeconds} seconds, then try again.',
    ...later,
  },
  IP_RATE_LIMITED: {
    status: 429,
    message: 'There were too many requests from this network address.',
    nextAction: 'Wait {retryInSeconds} seconds, then try again.',
    ...later,
  },
  OTP_INVALID: {
    status: 400,
    message: 'The code is wrong.',
    nextAction: 'Read the 6-digit code in the newest email again and retry.',
    ...once,
  },
  OTP_NOT_FOUND: {
    status: 404,
    message: 'No code is pending for this email address.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_EXPIRED: {
    status: 410,
    message: 'The code is older than 10 minutes.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_ALREADY_USED: {
    status: 409,
    message: 'The code has already been used.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_PURPOSE_MISMATCH: {
    status: 409,
    message: 'The pending code was requested for a {purpose}, not for this.',
    nextAction: 'Complete the {purpose}, or request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_LOCKED_OUT: {
    status: 429,
    message: 'There were 5 wrong attempts. The code has been deleted.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  COMPANY_NAME_TOO_LONG: {
    status: 400,
    message: 'The organization name is longer than 100 characters.',
    nextAction: 'Shorten `--company` to at most 100 characters and retry with the same code.',
    ...once,
  },
  MULTIPLE_ORGANIZATIONS: {
    status: 409,
    message: 'Account belongs to multiple organizations. Specify which one to mint a key for.',
    nextAction: 'Re-run `login-complete` with `--organization-id <id>` for the target org.',
    ...once,
  },
  ORGANIZATION_NOT_MEMBER: {
    status: 403,
    message: 'This account is not a member of that organization.',
    nextAction:
      'Pick one of `details.organizations` and re-run `login-complete` with `--organization-id <id>`.',
    ...once,
  },
} as const;
