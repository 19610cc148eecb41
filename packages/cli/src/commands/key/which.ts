import { UsageError } from '../../command.ts';

/** The argument of the commands that act on one key. */
export const whichKey = {
  name: 'fingerprint-or-name',
  summary: 'The key, as `latchkey key list` shows it',
  required: true,
} as const;

const handle = /^ck_(dev|sandbox|live)_[0-9a-f]{4}_[0-9a-f]{4}$/;

/**
 * Refuses a secret, which must not travel in a command line, and does not repeat it.
 *
 * @throws {UsageError}
 */
export function checkWhich(which: string): string {
  if (which.startsWith('ck_') && !handle.test(which)) {
    throw new UsageError('This is a secret. Give the fingerprint or the name of the key.');
  }
  return which;
}
