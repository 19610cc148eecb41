export interface Wrapping {
  /** The most characters of a line. */
  readonly width: number;
  /** How far in the lines begin. */
  readonly indent: number;
  /** What ends a line that another one follows. */
  readonly tail?: string;
}

/**
 * Pieces, one space between them, on as many lines as they need. The first line is not indented, for it follows
 * something as long. A piece that is longer than a line stands on one of its own, whole.
 */
export function wrapPieces(pieces: readonly string[], { width, indent, tail = '' }: Wrapping): string {
  const room = width - indent - tail.length;
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + piece.length > room) lines.push(piece);
    else lines[lines.length - 1] = `${last} ${piece}`;
  }
  return lines.join(`${tail}\n${' '.repeat(indent)}`);
}

/** The words of a text, as `wrapPieces` has it. */
export function wrapText(text: string, wrapping: Wrapping): string {
  return wrapPieces(text.split(' '), wrapping);
}

/** Words of a shell, quotes and all; a flag and the word after it, its value, are one piece. */
const shellPieces = /(?:--[\w-]+ (?!-\S))?(?:"[^"]*"|'[^']*'|[^\s"'])+/g;

/** A command line that is still one when it is copied: broken outside of quotes, by the `\` of POSIX shells. */
export function wrapCommandLine(line: string, { width, indent }: Wrapping): string {
  return wrapPieces(line.match(shellPieces) ?? [], { width, indent, tail: ' \\' });
}
