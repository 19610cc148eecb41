import { stripVTControlCharacters } from 'node:util';

/** What differs from run to run, by the label or the form that it stands in. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/\bck[opa]_[0-9A-Za-z]{49}\b/g, '<secret>'],
  [/\bck[opa]_[0-9A-Za-z]{4}\.\.\./g, '<masked>'],
  [/\bck[opa]_[0-9A-Za-z]{8}\b/g, '<prefix>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b[0-9A-Za-z]{20}\b/g, '<id>'],
  [/\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/g, '<instant>'],
  [/\b[0-9]{1,2}\/[0-9]{1,2}\/[0-9]{4}\b/g, '<date>'],
];

/** A transcript's lines without colour and empty lines, white space collapsed, what differs per run masked. */
export function transcript(text: string): string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
    .map((line) => masks.reduce((masked, [form, mask]) => masked.replace(form, mask), line));
}
