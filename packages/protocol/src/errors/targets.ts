import { once } from './entry.ts';

/** Errors of the URLs that workflows call. */
export const targetEntries = {
  TARGET_NOT_ALLOWED: {
    status: 400,
    message: 'This target is not allowed: {problem}',
    nextAction:
      'Give the URL of a public host. For one in your own network, the operator lists it in LATCHKEY_ALLOWED_TARGETS.',
    ...once,
  },
} as const;
