import { findKeys } from './find.ts';

/**
 * A prefix and at least 16 characters behind it, then the rest of that word.
 *
 * - No boundary in front: in an escaped `\ncko_...` the prefix follows a letter.
 * - The rest of the word goes too, so that keys written without a gap are all hidden.
 * - Sixteen in a row without `_`, so that `check_constraint_failed` is no key; only an environment key's own
 *   `_` is allowed for, with its head or with up to 8 characters that stand where the head was damaged.
 *
 * Linear: a failed attempt reads a bounded number of characters, a successful one never gives any back.
 */
const keyShaped = new RegExp(
  [
    '(ck_(?:dev|sandbox|live)_)(?:[0-9a-f]{4}_[0-9A-Za-z]{11}|\\w{0,8}[0-9A-Za-z]{16})\\w*',
    '(ck[opa]?_)[0-9A-Za-z]{16}\\w*',
  ].join('|'),
  'g',
);

/** Replaces all that looks like a key, complete, mistyped or cut off, by its prefix and `…redacted`; idempotent. */
export function redactKeys(text: string): string {
  return text.replace(keyShaped, '$1$2…redacted');
}

/** Says whether a complete key stands anywhere in the text, as `findKeys` finds it. */
export function containsKey(text: string): boolean {
  return findKeys(text).next().done === false;
}
