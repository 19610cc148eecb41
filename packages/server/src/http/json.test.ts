import { LatchkeyError } from '@latchkey/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseForeignJsonBody, parseJsonBody } from './json.ts';

const reserved = ['__proto__', 'constructor', 'prototype'];

function parse(text: string): unknown {
  return parseJsonBody(Buffer.from(text));
}

/** What a body is refused for. */
function problemOf(body: string | Uint8Array): string {
  try {
    parseJsonBody(typeof body === 'string' ? Buffer.from(body) : body);
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'INVALID_JSON') return error.message;
    throw error;
  }
  return 'nothing';
}

function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

/** Every character as an escape of four hex digits. */
function escaped(name: string): string {
  return Array.from({ length: name.length }, (_, at) => name.charCodeAt(at).toString(16).padStart(4, '0'))
    .map((hex) => `\\u${hex}`)
    .join('');
}

const anyName = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((name) => !reserved.includes(name));
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 0, -1.5, '', '"', '\\', '\\"', ':', '{"a":1}', 'a":"b'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyName, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('the parser of request bodies', () => {
  it('reads whatever JSON writes, also indented', () => {
    fc.assert(
      fc.property(anyValue, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        expect(parse(JSON.stringify(value, null, indent))).toEqual(value);
      }),
    );
  });

  it('refuses a name that stands twice in any object, however the second is spelled', () => {
    fc.assert(
      fc.property(anyName, anyValue, anyValue, fc.boolean(), (name, first, second, spelledOut) => {
        const again = spelledOut ? `"${escaped(name)}"` : JSON.stringify(name);
        const object = `{${JSON.stringify(name)}:${JSON.stringify(first)},${again}:${JSON.stringify(second)}}`;
        expect(problemOf(object)).toMatch(/twice/);
        expect(problemOf(`{"x":[1,${object}]}`)).toMatch(/twice/);
      }),
    );
  });

  it('reads the same name in different objects', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":2},{"a":3}]}')).toEqual({ a: { a: 1 }, b: [{ a: 2 }, { a: 3 }] });
  });

  it.each(reserved)('refuses %s as a name, wherever it stands and however it is spelled', (name) => {
    for (const spelling of [name, escaped(name)]) {
      expect(problemOf(`{"${spelling}":1}`)).toMatch(/reserved/);
      expect(problemOf(`{"a":[{"b":{"${spelling}":{}}}]}`)).toMatch(/reserved/);
    }
    expect(parse(`{"a":"${name}"}`)).toEqual({ a: name });
  });

  it('reads 32 levels and refuses the 33rd, without running out of stack at 100,000', () => {
    expect(problemOf(nested(32))).toBe('nothing');
    expect(problemOf(nested(33))).toMatch(/deeply/);
    expect(problemOf(nested(100_000))).toMatch(/deeply/);
    expect(problemOf(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toMatch(/deeply/);
  });

  it('takes nothing at all for an empty object, and white space for an error', () => {
    expect(parse('')).toEqual({});
    expect(problemOf(' ')).toMatch(/cannot be parsed/);
  });

  it('refuses bytes that are not UTF-8, and passes over a byte order mark', () => {
    for (const bytes of [
      [0xff],
      [0x22, 0xc0, 0xae, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xe2, 0x82, 0x22],
    ]) {
      expect(problemOf(Uint8Array.from(bytes))).toMatch(/UTF-8/);
    }
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  it('says what is wrong without any of what was sent', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, unit: fc.constantFrom(...'QXZJqxzj0123456789') }), (secret) => {
        for (const text of [
          secret,
          `{"${secret}"`,
          `{"${secret}":1,"${secret}":2}`,
          `{"__proto__":"${secret}"}`,
        ]) {
          expect(problemOf(text)).not.toContain(secret);
        }
      }),
    );
  });

  it('needs time in proportion to the length, also for text made of quotes and backslashes', () => {
    const texts = ['\\\\', '\\"', ':', '{}'].map((piece) => JSON.stringify({ a: piece.repeat(1_000_000) }));
    for (const text of texts) expect(problemOf(text)).toBe('nothing');
  });
});

describe('a body with what somebody else has written', () => {
  it.each(reserved)('may have members that are called %s, and they stay members', (name) => {
    const text = `{"resultData":{"${name}":{"a":1}}}`;
    const value = parseForeignJsonBody(Buffer.from(text));
    expect(JSON.stringify(value)).toBe(text);
    expect(Object.hasOwn((value as { resultData: object }).resultData, name)).toBe(true);
  });

  it('may have a hundred levels', () => {
    expect(() => parseForeignJsonBody(Buffer.from(nested(100)))).not.toThrow();
    expect(() => parseForeignJsonBody(Buffer.from(nested(101)))).toThrow('nested too deeply');
  });
});
