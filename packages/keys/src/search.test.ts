import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyKey } from './arbitrary-keys.ts';
import { generateKey } from './generate.ts';
import { type LocatedKey, startKeySearch } from './search.ts';

/** Searches a text that is cut at these places. */
function searched(text: string, cuts: readonly number[] = []): LocatedKey[] {
  const places = [
    ...cuts.map((cut) => cut % (text.length + 1)).sort((left, right) => left - right),
    text.length,
  ];
  const search = startKeySearch();
  let start = 0;
  return places.flatMap((place) => {
    const piece = text.slice(start, place);
    start = place;
    return search(piece);
  });
}

function latin1(text: string, encoding: BufferEncoding): string {
  return Buffer.from(text, encoding).toString('latin1');
}

const anyFiller = fc.string({
  unit: fc.constantFrom('a', ' ', '\n', '\r\n', 'é', 'c', 'k', '_'),
  maxLength: 300,
});
const anyText = fc
  .tuple(fc.array(fc.tuple(anyFiller, anyKey), { maxLength: 5 }), anyFiller)
  .map(([parts, end]) => parts.map(([filler, { secret }]) => filler + secret).join('') + end);
const anyCuts = fc.array(fc.nat(2000), { maxLength: 12 });

describe('startKeySearch', () => {
  it('answers the same keys at the same places wherever the text is cut', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('utf8', 'utf16le'), anyCuts, (text, encoding, cuts) => {
        const bytes = latin1(text, encoding);
        expect(searched(bytes, cuts)).toEqual(searched(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers the same when the pieces are single bytes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const every = [...text].map((_, index) => index);
        expect(searched(text, every)).toEqual(searched(text));
      }),
      { numRuns: 100 },
    );
  });

  it('gives line and column as an editor shows them, in ASCII and in UTF-16', () => {
    const anyLines = fc.array(fc.tuple(fc.stringMatching(/^[ab "]{0,200}$/), anyKey), {
      minLength: 1,
      maxLength: 6,
    });
    const encodings = fc.constantFrom('latin1', 'utf16le');
    fc.assert(
      fc.property(anyLines, encodings, anyCuts, (lines, encoding, cuts) => {
        const text = lines.map(([before, { secret }]) => `${before + secret}\n`).join('');
        const places = searched(latin1(text, encoding), cuts).map(({ line, column }) => [line, column]);
        expect(places).toEqual(lines.map(([before], index) => [index + 1, before.length + 1]));
      }),
    );
  });

  it('counts columns in bytes where characters take several', () => {
    const [found] = searched(latin1(`\né${generateKey('admin')}`, 'utf8'));
    expect(found).toMatchObject({ line: 2, column: 3 });
  });

  it('finds a key far into a line without end, and many on one line', () => {
    const secret = generateKey('personal');
    const far = Array.from({ length: 300 }, () => 'x'.repeat(65_536));
    const search = startKeySearch();
    expect(far.flatMap(search)).toEqual([]);
    expect(search(secret)).toMatchObject([{ line: 1, column: 300 * 65_536 + 1 }]);
    const many = searched(`${secret};`.repeat(20_000), [1_000_000]);
    expect(many).toHaveLength(20_000);
    expect(many.at(-1)).toMatchObject({ line: 1, column: 19_999 * (secret.length + 1) + 1 });
  });
});
