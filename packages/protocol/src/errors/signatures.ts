import { once } from './entry.ts';

/** Errors of signed webhooks and their secrets. */
export const signatureEntries = {
  INVALID_SIGNING_SECRET: {
    status: 400,
    message: 'This is not a usable signing secret: {problem}',
    nextAction:
      'Copy the signing secret again from the settings of the sender, whole and with nothing around it.',
    ...once,
  },
  NO_SIGNING_SECRET: {
    status: 401,
    message: 'The request is signed, but no signing secret is stored for this workflow.',
    nextAction: "Add the sender's signing secret to this workflow, then have the sender deliver again.",
    ...once,
  },
  INVALID_SIGNATURE: {
    status: 401,
    message: 'The signature of the request was not accepted: {reason}',
    nextAction: '{advice}',
    ...once,
  },
  SIGNATURE_EXPIRED: {
    status: 401,
    message: 'The signature is right, but its timestamp is {secondsOff} seconds {off} this server.',
    nextAction: '{advice}',
    ...once,
  },
} as const;
