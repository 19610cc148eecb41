/** What JSON leaves as it is, and what turns the direction of text round, or breaks its line, where it is shown. */
const unsafe = /[\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A value as JSON that looks like what it is: a program wrote it, or somebody whom nobody here knows. `indent` is 0 for
 * one line. Nothing at all is `null`.
 */
export function jsonText(value: unknown, indent: number): string {
  return JSON.stringify(value ?? null, null, indent).replace(unsafe, escaped);
}
