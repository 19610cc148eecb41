import { jsonText } from '../../../components/json-text.ts';

/** Places in a payload as a text of one line, whatever their names hold. */
export function gapsText(gaps: readonly string[]): string {
  return gaps.map((place) => (place === '' ? 'the whole' : jsonText(place, 0))).join(', ');
}

/** Stands before a sample that cannot be run as it is, and says what has to be put into it; `mark` begins a comment. */
export function gapsComment(mark: '#' | '//', gaps: readonly string[]): string {
  if (gaps.length === 0) return '';
  return `${mark} Put a value of yours in, where none could be made up: ${gapsText(gaps)}\n`;
}
