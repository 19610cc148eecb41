import type { KeyPlace } from './options.ts';

/** What a request presents: a key, none, or two that differ. */
export type Presented =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'conflict' };

/** The value of a header by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

const everywhere: readonly KeyPlace[] = ['authorization', 'x-api-key', 'x-process-manager-key'];

/** Other schemes of `Authorization` are somebody else's. */
function keyIn(place: KeyPlace, value: string): string | undefined {
  return place === 'authorization' ? /^bearer +(\S+) *$/i.exec(value)?.[1] : value;
}

/** Looks for a key in these headers. */
export function presentedKey(headerOf: HeaderOf, from = everywhere): Presented {
  let found: string | undefined;
  for (const place of from) {
    const value = headerOf(place);
    const key = value ? keyIn(place, value) : undefined;
    if (key === undefined) continue;
    if (found !== undefined && found !== key) return { kind: 'conflict' };
    found = key;
  }
  return found === undefined ? { kind: 'none' } : { kind: 'key', key: found };
}
