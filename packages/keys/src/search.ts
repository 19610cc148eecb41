import { type FoundKey, findKeys, longestFind } from './find.ts';

/** A key with its place in what was searched, both counted from 1. */
export interface LocatedKey extends Omit<FoundKey, 'index'> {
  readonly line: number;
  /** In bytes, as `grep` counts; in pairs of bytes where the key stands in UTF-16. */
  readonly column: number;
}

/** Takes the next piece of what is searched and answers the keys that are complete with it, in order. */
export type KeySearch = (piece: string) => LocatedKey[];

/** As much as a key that is not complete yet can take up. */
const overlap = longestFind - 1;

/**
 * Searches something that arrives in pieces, wherever they are cut; each piece is bytes as latin1. Keeps less of them
 * than two keys take up.
 */
export function startKeySearch(): KeySearch {
  let kept = '';
  // Both count from the start of the text at hand, and are negative where their place is gone.
  let lineStart = 0;
  /** What stands before it has been answered, and its lines have been counted. */
  let done = 0;
  let line = 1;

  function advance(text: string, to: number): void {
    // A part of its own: in a line without end each key would otherwise be searched behind to the end.
    const part = text.slice(done, to);
    for (let end = part.indexOf('\n'); end !== -1; end = part.indexOf('\n', end + 1)) {
      line++;
      lineStart = done + end + 1;
    }
    done = to;
  }

  function keep(text: string): void {
    const gone = Math.max(0, text.length - overlap);
    if (done < gone) advance(text, gone);
    kept = text.slice(gone);
    lineStart -= gone;
    done -= gone;
  }

  return (piece) => {
    const text = kept + piece;
    const located: LocatedKey[] = [];
    for (const { index, ...found } of findKeys(text)) {
      if (index < done) continue;
      advance(text, index + 1);
      // A line of pairs begins with the second byte of its line feed or, the first one, with none.
      located.push({ ...found, line, column: Math.ceil((done - lineStart) / found.stride) });
    }
    keep(text);
    return located;
  };
}
