import { once } from './entry.ts';

/** Errors of who is asking. */
export const credentialEntries = {
  UNAUTHORIZED: {
    status: 401,
    message: 'This operation needs an API key, and none was sent.',
    nextAction:
      'Send the key as X-Process-Manager-Key or Authorization: Bearer; an instance key, on trigger and status paths, as X-API-Key. To get a key: `latchkey auth signup-request --email <email>`.',
    ...once,
  },
  CREDENTIALS_CONFLICT: {
    status: 400,
    message: 'The request carries two different credentials.',
    nextAction: 'Send one credential only.',
    ...once,
  },
  KEY_MALFORMED: {
    status: 401,
    message: 'This is not a complete API key: its form or its checksum is wrong.',
    nextAction: 'Copy the key again, whole. If it is lost, get another: `{mint}`.',
    ...once,
  },
  KEY_WRONG_PLACE: {
    status: 401,
    message: 'A key that starts with {prefix} is not accepted here. {belongs}',
    nextAction: 'Send it where it belongs, or use a key of a kind that is accepted here.',
    ...once,
  },
  KEY_UNKNOWN: {
    status: 401,
    message: 'This API key does not exist on this server.',
    nextAction: 'Check the base URL, or get another key: `{mint}`.',
    ...once,
  },
  KEY_EXPIRED: {
    status: 401,
    message: 'This API key expired at {expiredAt}.',
    nextAction: 'Mint a new key: `latchkey auth login-request --email <email>`.',
    ...once,
  },
  KEY_REVOKED: {
    status: 401,
    message: 'This API key was revoked at {revokedAt}.',
    nextAction: '{another}',
    ...once,
  },
  KEY_DISABLED: {
    status: 401,
    message: 'This API key is disabled.',
    nextAction:
      'Ask an owner or admin to enable it: `latchkey organization enable-key` or `latchkey key enable`.',
    ...once,
  },
  KEY_NOT_ALLOWED_HERE: {
    status: 403,
    message: 'This API key may not be used from this address.',
    nextAction: 'Use it from an allowed address, or have an owner or admin change its addresses.',
    ...once,
  },
  NOT_AUTHENTICATED: {
    status: 401,
    message: 'Run latchkey login first.',
    nextAction: 'Sign in: `latchkey login`. An environment key goes in x-api-key or Authorization: Bearer.',
    ...once,
  },
  SESSION_INVALID: {
    status: 401,
    message: 'This session does not exist or has ended.',
    nextAction: 'Sign in again: `latchkey login`.',
    ...once,
  },
  KEY_INVALID: {
    status: 401,
    message: 'This is not a valid environment key.',
    nextAction:
      'Copy the key again, whole. If it is lost, mint a new one: `latchkey key create --name <name>`.',
    ...once,
  },
  KEY_ENVIRONMENT_MISMATCH: {
    status: 401,
    message: 'This key belongs to the environment {keyEnvironment}, and this is {environment}.',
    nextAction: 'Use a key of this environment, or call the environment that the key belongs to.',
    ...once,
  },
} as const;
