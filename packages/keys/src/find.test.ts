import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyKey, type MadeKey } from './arbitrary-keys.ts';
import { keyKinds } from './families.ts';
import { findKeys } from './find.ts';

const manyRuns = { numRuns: 2000 };
const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const anyCharacter = fc.constantFrom(...alphanumeric, '_', '-', ' ', '\n');

/** What may stand around a key: nothing of it is a key, and nothing keeps the key from being found. */
const anySurrounding = fc.constantFrom(
  ['', ''],
  ['"', '"'],
  ["const key = '", "';"],
  ['LATCHKEY_API_KEY=', '\n'],
  ['{"apiKey":"', '","a":1}'],
  ['first line\\n', '\\n'],
  ['https://example.com/hook?api_key=', '&x=1'],
  ['Authorization: Bearer ', '\r\n'],
  ['word', 'word'],
  ['cko_', '_'],
  ['check_', '0123456789'],
  ['ck_dev_', 'ck_'],
);

function found(text: string): string[] {
  return [...findKeys(text)].map(({ secret }) => secret);
}

/** The bytes of a text as UTF-16 of either order, each byte as one character. */
function utf16(text: string, order: 'little' | 'big'): string {
  const bytes = Buffer.from(text, 'utf16le');
  return (order === 'big' ? bytes.swap16() : bytes).toString('latin1');
}

describe('findKeys', () => {
  it('finds a key of every family in quotes, assignments, URLs, JSON, escapes and longer words', () => {
    fc.assert(
      fc.property(
        anyKey,
        anySurrounding,
        fc.string(),
        fc.string(),
        ({ kind, secret }, around, before, after) => {
          const [left = '', right = ''] = around;
          const text = before + left + secret + right + after;
          const { length: _, ...made } = kind;
          const index = before.length + left.length;
          expect([...findKeys(text)]).toMatchObject([{ index, stride: 1, secret, parsed: made }]);
        },
      ),
      manyRuns,
    );
  });

  it('finds all of several keys, also without anything between them', () => {
    const several = fc.array(fc.tuple(anyKey, fc.constantFrom('', ' ', '\n', ',', '_')), { maxLength: 8 });
    fc.assert(
      fc.property(several, (made) => {
        const text = made.map(([{ secret }, gap]) => secret + gap).join('');
        expect(found(text)).toEqual(made.map(([{ secret }]) => secret));
      }),
    );
  });

  it('finds a key in UTF-16 of either order, beginning at an even or an odd byte', () => {
    const anyOrder = fc.constantFrom('little', 'big');
    fc.assert(
      fc.property(anyKey, anyOrder, fc.string(), fc.string(), ({ secret }, order, before, after) => {
        const bytes = utf16(before + secret + after, order);
        expect([...findKeys(bytes)]).toMatchObject([{ secret, stride: 2 }]);
        expect(found(`x${bytes}`)).toEqual([secret]);
      }),
    );
  });

  it('does not take a key for one when any character of it is another, missing, or one too many', () => {
    const anyPlace = fc.nat(62);
    const check = ({ kind, secret }: MadeKey, somewhere: number, character: string) => {
      const place = somewhere % secret.length;
      const [before, rest] = [secret.slice(0, place), secret.slice(place + 1)];
      fc.pre(secret[place] !== character);
      expect(found(before + character + rest)).toEqual([]);
      expect(found(before + rest)).toEqual([]);
      expect(found(utf16(before + character + rest, 'little'))).toEqual([]);
      // In front of the prefix it would be the end of another word.
      if (place > kind.prefix.length) expect(found(before + character + secret.slice(place))).toEqual([]);
    };
    fc.assert(fc.property(anyKey, anyPlace, anyCharacter, check), manyRuns);
  });

  it('finds nothing in random text, bytes, base64, and code full of prefixes', () => {
    const lookalike = fc
      .tuple(
        fc.constantFrom(...keyKinds),
        fc.string({ unit: fc.constantFrom(...alphanumeric), minLength: 49, maxLength: 70 }),
      )
      .map(([{ prefix }, body]) => prefix + body);
    const environmentLookalike = fc
      .tuple(
        fc.constantFrom('ck_dev_', 'ck_sandbox_', 'ck_live_'),
        fc.stringMatching(/^[0-9a-f]{4}_[0-9A-Za-z]{43}[0-9a-f]{4}$/),
      )
      .map((parts) => parts.join(''));
    const minified = fc
      .array(fc.constantFrom('ck_', 'cko_', 'function(', 'check_', 'ck', '_', '=>{', 'ck_dev_', 'a0Z', '"'))
      .map((words) => words.join(''));
    const bytes = fc.uint8Array({ maxLength: 500 });
    const anything = fc.oneof(
      lookalike,
      environmentLookalike,
      minified,
      fc.string({ unit: 'binary' }),
      bytes.map((each) => Buffer.from(each).toString('latin1')),
      bytes.map((each) => Buffer.from(each).toString('base64')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(found(text)).toEqual([]);
      }),
      { numRuns: 20_000 },
    );
  });

  it('takes a text of many prefixes in time that grows with its length alone', () => {
    expect(found('ck_dev_'.repeat(500_000))).toEqual([]);
    expect(found('c\0k\0_\0'.repeat(100_000))).toEqual([]);
  });
});
