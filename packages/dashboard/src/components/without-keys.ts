/** All that is shaped like a key, whole, mistyped or cut off, as logs are searched for it (packages/keys, redact.ts). */
const keyShaped =
  /ck(?:_(?:dev|sandbox|live)_(?:[0-9a-f]{4}_[0-9A-Za-z]{11}|\w{0,8}[0-9A-Za-z]{16})|[opa]?_[0-9A-Za-z]{16})\w*/g;

/** What lists tell a key by: its first characters, or how its fingerprint begins. */
function shownOf(key: string): string {
  const head = /^ck_(?:dev|sandbox|live)_([0-9a-f]{4})_/.exec(key)?.[1];
  return head === undefined ? key.slice(0, 12) : `${head}...`;
}

/**
 * Texts to look for, with no more of a key that was pasted into them than lists show. What is looked for stands in the address
 * of the page and of the question, which histories and proxies keep.
 */
export function withoutKeys<Texts extends Readonly<Partial<Record<string, string>>>>(texts: Texts): Texts {
  const fit = Object.entries(texts).map(([name, text]) => [name, text?.replace(keyShaped, shownOf)]);
  return Object.fromEntries(fit) as Texts;
}
