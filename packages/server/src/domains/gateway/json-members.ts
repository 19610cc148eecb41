/** One member of an object, as it stands in the text. */
export interface Member {
  readonly name: string;
  /** Its value as text, without white space around it. */
  readonly value: string;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const opening: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const closing: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/** The index just past the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text.charCodeAt(index) !== quote) index += text.charCodeAt(index) === backslash ? 2 : 1;
  return index + 1;
}

/**
 * The members of an object that stands in `text`, which must be valid JSON: the last of those that have one name, as
 * `JSON.parse` takes it. Values are pieces of the text, so that a number stays what it was written as. Goes through the
 * text once.
 */
export function membersOf(text: string): Member[] {
  const members = new Map<string, string>();
  let depth = 0;
  let name = '';
  let start = 0;
  const keep = (end: number) => {
    const value = text.slice(start, end).trim();
    if (value !== '') members.set(name, value);
  };
  for (let index = text.indexOf('{') + 1; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === quote) {
      const end = endOfString(text, index);
      if (depth === 0 && start === 0) name = JSON.parse(text.slice(index, end)) as string;
      index = end - 1;
    } else if (opening.has(character)) depth += 1;
    else if (closing.has(character)) {
      if (depth === 0) {
        if (start > 0) keep(index);
        break;
      }
      depth -= 1;
    } else if (depth === 0 && character === colon) start = index + 1;
    else if (depth === 0 && character === comma) {
      keep(index);
      start = 0;
    }
  }
  return [...members].map(([key, value]) => ({ name: key, value }));
}

/** An object with these members. */
export function objectOf(members: readonly Member[]): string {
  return `{${members.map(({ name, value }) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
