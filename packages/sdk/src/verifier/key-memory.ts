import { createBoundedMap } from '@latchkey/protocol/bounded-map';
import type { KnownKey } from './known-key.ts';

/** Everything that a verifier remembers, by digest of what was presented. */
export interface KeyMemory {
  get(digest: string): KnownKey | undefined;
  set(digest: string, known: KnownKey): void;
  /** Forgets all strings of these keys: themselves, tokens that were made from them, and what was no key at all. */
  forget(keyIds: readonly string[]): void;
  clear(): void;
}

/** Guesses are remembered apart, so that a flood of them drives out no key. */
const shareOfAbsent = 0.1;

/** Remembers at most so many keys, and a tenth as many strings that are none. */
export function createKeyMemory(maxKeys: number): KeyMemory {
  const digestsOfKey = new Map<string, Set<string>>();
  const present = createBoundedMap<KnownKey>(Math.max(maxKeys, 1), forgetDigest);
  const absent = createBoundedMap<KnownKey>(Math.max(Math.ceil(maxKeys * shareOfAbsent), 1));

  function forgetDigest(digest: string, { facts }: KnownKey): void {
    if (facts === null) return;
    const digests = digestsOfKey.get(facts.keyId);
    digests?.delete(digest);
    if (digests?.size === 0) digestsOfKey.delete(facts.keyId);
  }

  function keepDigest(digest: string, keyId: string): void {
    const digests = digestsOfKey.get(keyId);
    if (digests === undefined) digestsOfKey.set(keyId, new Set([digest]));
    else digests.add(digest);
  }

  return {
    get: (digest) => present.get(digest) ?? absent.get(digest),
    set(digest, known) {
      const isAbsent = known.facts === null;
      (isAbsent ? present : absent).delete(digest);
      (isAbsent ? absent : present).set(digest, known);
      if (known.facts !== null) keepDigest(digest, known.facts.keyId);
    },
    forget(keyIds) {
      if (keyIds.length > 0) absent.clear();
      for (const keyId of keyIds) {
        for (const digest of digestsOfKey.get(keyId) ?? []) present.delete(digest);
      }
    },
    clear() {
      present.clear();
      absent.clear();
      digestsOfKey.clear();
    },
  };
}
