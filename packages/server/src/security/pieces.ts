/** For tests: secrets of which no piece behind the prefix may stand anywhere. */
export interface Pieces {
  /** The first 3 characters are its prefix. */
  watch(name: string, secret: string): void;
  /** The names of the secrets of which 16 characters in a row stand in a text, each once. */
  foundIn(text: string): string[];
}

const prefixLength = 3;
const pieceLength = 16;

/** Starts without any secret. */
export function createPieces(): Pieces {
  const pieces = new Map<string, string>();
  return {
    watch(name, secret) {
      for (let start = prefixLength; start + pieceLength <= secret.length; start += 1) {
        pieces.set(secret.slice(start, start + pieceLength), name);
      }
    },
    foundIn(text) {
      const found = new Set<string>();
      for (let start = 0; start + pieceLength <= text.length; start += 1) {
        const name = pieces.get(text.slice(start, start + pieceLength));
        if (name !== undefined) found.add(name);
      }
      return [...found];
    },
  };
}
