import { type KeyFamily, keyPrefixOf, type LocatedKey, startKeySearch } from '@latchkey/keys';

/** A key that stands somewhere, named so that it can be told without showing it. */
export interface Finding {
  readonly line: number;
  readonly column: number;
  readonly family: KeyFamily;
  /** Of environment keys. */
  readonly environment: string | null;
  readonly keyPrefix: string;
  /** Of environment keys, which are known by it. */
  readonly fingerprint: string | null;
}

/** What came of searching one thing. */
export interface Searched {
  /** With the key itself, which must reach no output. */
  readonly found: readonly (readonly [secret: string, finding: Finding])[];
  readonly sizeBytes: number;
}

function findingOf({ line, column, secret, parsed }: LocatedKey): Finding {
  const { family } = parsed;
  const environment = family === 'environment' ? parsed.environment : null;
  const fingerprint = family === 'environment' ? parsed.fingerprint : null;
  return { line, column, family, environment, keyPrefix: keyPrefixOf(secret), fingerprint };
}

/** The same text in memory of its own: a part of a piece would keep the whole piece. */
function detached(secret: string): string {
  return Buffer.from(secret, 'latin1').toString('latin1');
}

/** Finds the keys in bytes that arrive in pieces; of these it keeps one at a time. */
export async function searchPieces(pieces: AsyncIterable<Uint8Array>): Promise<Searched> {
  const search = startKeySearch();
  const found: [string, Finding][] = [];
  let sizeBytes = 0;
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    const { buffer, byteOffset, byteLength } = piece;
    for (const located of search(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'))) {
      found.push([detached(located.secret), findingOf(located)]);
    }
  }
  return { found, sizeBytes };
}
