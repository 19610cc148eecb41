import { randomBytes } from 'node:crypto';

/** For tests: secrets that were put somewhere on purpose, and where they came to light. */
export interface Plants {
  /** A new random text, remembered under the name of its place. */
  plant(place: string): string;
  /** Remembers a secret that exists already. */
  watch(name: string, secret: string): void;
  /** The names of the secrets of which a part stands in a text. */
  foundIn(text: string): string[];
}

/** The first 12 characters of a key may be shown; nothing behind them may, not even in part. */
const shownLength = 12;
const telltaleLength = 16;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Digests and hashes, also the pieces of them that a database file keeps, where columns stand wall to wall. */
const hexRuns = /[0-9a-f]{20,}/g;

/** What gives a secret away: a piece that chance does not make, or all of it where it is short. */
function telltaleOf(secret: string): string {
  return secret.length < shownLength + telltaleLength
    ? secret
    : secret.slice(shownLength, shownLength + telltaleLength);
}

/** A number that tells most places of a text from the start of any telltale, for less than looking a piece of it up. */
function startAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) << 24) ^
    (text.charCodeAt(at + 1) << 16) ^
    (text.charCodeAt(at + 2) << 8) ^
    text.charCodeAt(at + 3)
  );
}

/** Starts without any secret. Six digits are looked for outside of UUIDs and hashes, where chance would find them. */
export function createPlants(): Plants {
  const long = new Map<string, string>();
  const starts = new Set<number>();
  const short = new Map<string, string>();
  function watch(name: string, secret: string): void {
    const telltale = telltaleOf(secret);
    if (telltale.length === telltaleLength) {
      long.set(telltale, name);
      starts.add(startAt(telltale, 0));
    } else short.set(telltale, name);
  }
  return {
    watch,
    plant(place) {
      const secret = `Pl4nt${randomBytes(24).toString('hex')}`;
      watch(place, secret);
      return secret;
    },
    foundIn(text) {
      const withoutChance = text.replace(uuids, '').replace(hexRuns, '');
      const found = [...short].filter(([code]) => withoutChance.includes(code)).map(([, name]) => name);
      // There are thousands of them: each piece of the text is looked up, not each of them looked for.
      for (let start = 0; start + telltaleLength <= text.length; start += 1) {
        if (!starts.has(startAt(text, start))) continue;
        const name = long.get(text.slice(start, start + telltaleLength));
        if (name !== undefined) found.push(name);
      }
      return found;
    },
  };
}
