import { LatchkeyError } from '@latchkey/protocol';

/** What two programs may read as two different paths. Each is looked for before anything is decoded. */
const ambiguousAsSent: readonly (readonly [RegExp, string])[] = [
  [/^(?!\/)/, 'does not begin with a slash'],
  [/[^\x21-\x7e]|#|%[01][0-9a-f]|%7f/i, 'holds a character that belongs in no path'],
  [/\\|%5c/i, 'holds a backslash'],
  [/\/\/|%2f/i, 'holds two slashes in a row, or one that is encoded'],
  [/%(?![0-9a-f]{2})/i, 'holds a % that encodes nothing'],
];

/** Looked for once decoded; a name may carry parameters (`;v=1`), which some programs take away first. */
const ambiguousAsRead: readonly (readonly [RegExp, string])[] = [
  [/%[0-9a-f]{2}/i, 'holds a character that is encoded twice'],
  [/\/(?:\.{1,2}(?:;[^/]*)?|;[^/]*)(?:\/|$)/, 'holds a dot segment or an empty name'],
];

function refuse(text: string, signs: typeof ambiguousAsSent): void {
  const sign = signs.find(([pattern]) => pattern.test(text));
  if (sign === undefined) return;
  const problem = `the path that is asked for ${sign[1]}, so that the proxy and what lies behind it could read it differently.`;
  throw new LatchkeyError('INVALID_REQUEST', { details: { problem } });
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    const problem = 'the path that is asked for is not UTF-8.';
    throw new LatchkeyError('INVALID_REQUEST', { details: { problem } });
  }
}

/**
 * The path of a request target as the name of a resource: without its query, decoded once. Throws `INVALID_REQUEST`
 * for one that can be read in two ways, since a key could then open what it is not meant for.
 */
export function resourceOfPath(target: string): string {
  const [path = ''] = target.split('?', 1);
  refuse(path, ambiguousAsSent);
  const resource = decode(path);
  refuse(resource, ambiguousAsRead);
  return resource;
}
