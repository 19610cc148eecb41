import { once } from './entry.ts';

/** Errors of management keys. */
export const keyEntries = {
  INVALID_SCOPE: {
    status: 400,
    message: 'Unknown scope: {unknown}. Valid scopes: {valid}',
    nextAction: 'Use valid scopes only. Nothing was changed.',
    ...once,
  },
  INVALID_ADDRESS: {
    status: 400,
    message: 'These are no addresses or networks: {addresses}',
    nextAction: 'Give addresses such as 203.0.113.7 or 2001:db8::1, and networks such as 10.0.0.0/8.',
    ...once,
  },
  INVALID_EXPIRES_IN_DAYS: {
    status: 400,
    message: 'The expiry must be a whole number of days from 1 to 365.',
    nextAction: 'Give 1 to 365 days, or leave the expiry out for a key that does not expire.',
    ...once,
  },
  MAX_API_KEYS_REACHED: {
    status: 429,
    message: 'The limit of {limit} active keys is reached.',
    nextAction:
      'Revoke a key that is no longer needed (`latchkey organization list-keys`, `latchkey organization revoke-key`), then retry.',
    ...once,
  },
  KEY_NOT_FOUND: {
    status: 404,
    message: 'There is no key with this id.',
    nextAction: 'List the keys: `latchkey organization list-keys --organization-id <id>`.',
    ...once,
  },
  KEY_NOT_ACTIVE: {
    status: 400,
    message: 'This key is {state}, so this cannot be done with it.',
    nextAction: 'Enable it if it is disabled; else create a new key: `latchkey organization create-key`.',
    ...once,
  },
} as const;
