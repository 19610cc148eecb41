import type { Output } from './terminal.ts';

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;
export type Colour = keyof typeof codes;

/** Coloured where the stream allows it. */
export function paint(output: Output, colour: Colour, text: string): string {
  return output.isColoured ? `\x1b[${codes[colour]}m${text}\x1b[0m` : text;
}

const unsafe = /[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu;

/** Text from outside, fit for one line of a terminal: no escape sequence and no change of direction. */
export function clean(text: string): string {
  return text.replace(unsafe, ' ');
}

/** What may be shown of a raw key. */
export function mask(key: string): string {
  return key.length > 20 ? `${clean(key.slice(0, 8))}...` : '...';
}

/** Whether a word is a key, or begins as one: it must not travel further than it has. */
export function isKeyLike(word: string): boolean {
  return /^ck[a-z]?_/.test(word);
}

/** `✓ text` with an empty line before and after. */
export function writeHeading(output: Output, text: string): void {
  output.line(`\n${paint(output, 'green', `✓ ${text}`)}\n`);
}

export type Label = readonly [label: string, value: string | undefined];

/** Indented labels with their values in one column; what is undefined is left out. */
export function labelLines(labels: readonly Label[]): string[] {
  const given = labels.filter(([, value]) => value !== undefined);
  const width = Math.max(...given.map(([label]) => label.length)) + 2;
  return given.map(([label, value]) => `  ${`${label}:`.padEnd(width)}${clean(value ?? '')}`);
}

/** Labels, as `labelLines` has them. */
export function writeLabels(output: Output, labels: readonly Label[]): void {
  for (const line of labelLines(labels)) output.line(line);
}

/** A warning in one line. */
export function writeWarning(output: Output, text: string): void {
  output.line(paint(output, 'yellow', `⚠ ${text}`));
}

/** Indented JSON in which no character can steer a terminal. */
export function writeJson(output: Output, value: unknown): void {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  output.line(JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escaped));
}

/** The day of an ISO instant as the user's locale writes it. */
export function localDate(instant: string): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? clean(instant) : date.toLocaleDateString();
}

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
