/** A pattern that no text is made of here: it looks around, or back. */
class TooHard extends Error {}

/** What characters of a text are chosen from, in this order. */
const characters = [
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  ...'-_.:/@ #+=,;!?%&*()[]{}<>|~^$\'"\\\tä€',
];
/** A piece of a pattern that stands for one character: a class, an escape, or the character itself. */
const one =
  /^(?:\[\^?(?:\\.|[^\]\\])+\]|\\(?:u\{[^}]+\}|[pP]\{[^}]+\}|x..|u....|[^bB1-9k])|[^()[\]{}|?*+^$\\])/su;
const repeated = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/;

const fixed: Readonly<Record<string, readonly [number, number]>> = {
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '?': [0, 1],
};

/** How often the piece before is repeated, at least and at most. */
function bounds([all = '', from, comma, to]: readonly (string | undefined)[]): readonly [number, number] {
  const known = fixed[all.charAt(0)];
  if (known !== undefined || from === undefined) return known ?? [1, 1];
  if (comma === '') return [Number(from), Number(from)];
  return [Number(from), to ? Number(to) : Number.POSITIVE_INFINITY];
}

/** Reads a pattern from its beginning, and writes a text that it fits. */
class Writer {
  private rest: string;
  private written = 0;
  private readonly more: number;

  constructor(pattern: string, more: number) {
    this.rest = pattern;
    this.more = more;
  }

  private take(piece: RegExp): RegExpExecArray | undefined {
    const found = piece.exec(this.rest) ?? undefined;
    this.rest = this.rest.slice(found?.[0].length ?? 0);
    return found;
  }

  private character(source: string): string {
    const fitting = characters.filter((each) => new RegExp(`^${source}$`, 'su').test(each));
    if (fitting.length === 0) throw new TooHard();
    return fitting[this.written++ % fitting.length] ?? '';
  }

  /** Writes a piece as often as it is to be; a group anew each time, so that it is read again. */
  private repeat(write: () => string): string {
    const [least, most] = bounds(this.take(repeated) ?? []);
    const times = Math.min(most, least + (most > least ? this.more : 0));
    return Array.from({ length: times }, write).join('');
  }

  private group(): string {
    const begun = this.rest;
    this.choice();
    const inside = begun.slice(0, begun.length - this.rest.length);
    if (this.take(/^\)/) === undefined) throw new TooHard();
    return this.repeat(() => {
      const after = this.rest;
      this.rest = inside;
      const text = this.choice();
      this.rest = after;
      return text;
    });
  }

  private piece(): string | undefined {
    if (this.take(/^(?:[\^$]|\\[bB])/) !== undefined) return '';
    if (this.take(/^\((?:\?:|\?<\w+>|(?!\?))/) !== undefined) return this.group();
    const [source] = this.take(one) ?? [];
    return source === undefined ? undefined : this.repeat(() => this.character(source));
  }

  /** Several ways, of which the first is written. */
  choice(): string {
    let text = '';
    for (let piece = this.piece(); piece !== undefined; piece = this.piece()) text += piece;
    if (this.take(/^\|/) !== undefined) this.choice();
    return text;
  }

  whole(): string {
    const text = this.choice();
    if (this.rest !== '') throw new TooHard();
    return text;
  }
}

/**
 * A text that a simple pattern fits, to be checked against it: what may be repeated is so `more` often than it has to be.
 * Nothing for a pattern that looks around or back.
 */
export function textOfPattern(pattern: string, more: number): string | undefined {
  try {
    return new Writer(pattern, more).whole();
  } catch (error) {
    if (error instanceof TooHard || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
