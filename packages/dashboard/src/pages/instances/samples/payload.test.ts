import { describe, expect, it } from 'vitest';
import { formats } from '../input/formats.ts';
import { samplePayload } from './payload.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What a sample holds for a member with this schema. */
function sampleOf(member: Schema, more: Schema = {}) {
  const { payload, gaps } = samplePayload({ properties: { it: member }, required: ['it'], ...more });
  return { value: (payload as { readonly it: unknown }).it, gaps };
}

/** Each with the value that is found for it. */
const allowed: Readonly<Record<string, readonly [Schema, unknown]>> = {
  'nothing said': [{}, 'text'],
  'a text of some length': [{ type: 'string', minLength: 12, maxLength: 14 }, 'text text te'],
  'a short text': [{ type: 'string', maxLength: 1 }, 't'],
  'a constant': [{ const: { a: 1 } }, { a: 1 }],
  choices: [{ enum: ['S', 'M'] }, 'S'],
  'choices of which one fits': [{ enum: [1, 'M'], type: 'string' }, 'M'],
  'a value that is usual': [{ type: 'string', default: 'CHF' }, 'CHF'],
  'a usual value that is not allowed': [
    { type: 'string', default: 'CHF', maxLength: 2, examples: ['€'] },
    '€',
  ],
  'an example': [{ type: 'string', examples: ['A-7'], pattern: '^A-' }, 'A-7'],
  'an example that is no date': [{ type: 'string', format: 'date', examples: ['soon'] }, '2026-11-22'],
  bounds: [{ type: 'integer', minimum: 18, maximum: 20 }, 18],
  'bounds that are out': [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5],
  'a bound above': [{ type: 'integer', maximum: -5 }, -5],
  multiples: [{ type: 'integer', minimum: 11, multipleOf: 5 }, 15],
  'true or false': [{ type: 'boolean' }, true],
  'one of two types': [{ type: ['null', 'integer'] }, 1],
  nothing: [{ type: 'null' }, null],
  'a list': [
    { type: 'array', items: { type: 'string', format: 'email' }, minItems: 2 },
    ['ada@example.com', 'ada@example.com'],
  ],
  'a list without repetitions': [
    { type: 'array', items: { type: 'integer', minimum: 5 }, minItems: 3, uniqueItems: true },
    [5, 6, 7],
  ],
  'a list that holds something': [{ type: 'array', contains: { const: 'x' } }, ['x']],
  'a list of places': [
    { type: 'array', prefixItems: [{ type: 'integer' }, { const: 'b' }], items: false },
    [1, 'b'],
  ],
  'an empty list': [{ type: 'array', maxItems: 0 }, []],
  'an object in an object': [
    {
      type: 'object',
      required: ['who'],
      properties: {
        who: { type: 'object', required: ['mail'], properties: { mail: { format: 'email' }, tel: {} } },
      },
    },
    { who: { mail: 'ada@example.com' } },
  ],
  'an object with some members': [
    { type: 'object', minProperties: 2, properties: { a: { type: 'integer' }, b: { type: 'boolean' } } },
    { a: 1, b: true },
  ],
  'names by a pattern': [
    { required: ['x-a'], patternProperties: { '^x-': { type: 'integer' } } },
    { 'x-a': 1 },
  ],
  'a name that brings another': [
    { required: ['a'], dependentRequired: { a: ['b'] }, properties: { b: { const: 2 } } },
    { a: 'text', b: 2 },
  ],
  'what all of several say': [
    {
      allOf: [
        { type: 'integer', minimum: 3 },
        { minimum: 5, maximum: 9 },
      ],
    },
    5,
  ],
  'one of several': [{ oneOf: [{ type: 'integer' }, { type: 'integer', minimum: 5 }, { const: 'x' }] }, 1],
  'a condition': [
    {
      type: 'object',
      required: ['kind'],
      properties: { kind: { const: 'card' } },
      if: { properties: { kind: { const: 'card' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['number'], properties: { number: { type: 'string', pattern: '^[0-9]{4}$' } } },
    },
    { kind: 'card', number: '0123' },
  ],
};

describe('a sample of a payload', () => {
  it.each(Object.entries(allowed))('fits %s', (_what, [member, value]) => {
    expect(sampleOf(member)).toEqual({ value, gaps: [] });
  });

  it.each(Object.keys(formats))('fits the format %s', (format) => {
    expect(sampleOf({ type: 'string', format }).gaps).toEqual([]);
  });

  it.each([
    ['^[A-Z]{2}[0-9]+$', 'AB23'],
    ['^(?:ORD|INV)-\\d{4,}$', 'ORD-01234'],
    ['^[^\\s@]+@[a-z]+\\.(?<end>com|org)$', 'ab@cd.com'],
    ['colou?r', 'colour'],
    ['^(a|b){3}$', 'aaa'],
    ['^\\p{Lu}.*$', 'Ab'],
    ['^x{0}$', ''],
  ])('fits the pattern %s', (pattern, text) => {
    const { value, gaps } = sampleOf({ type: 'string', pattern });
    expect(gaps).toEqual([]);
    expect(value).toMatch(new RegExp(pattern, 'u'));
    expect(String(value)).toHaveLength(text.length);
  });

  it('is as long as a pattern and a length together ask for', () => {
    const { value, gaps } = sampleOf({
      type: 'string',
      pattern: '^[a-f0-9]*$',
      minLength: 32,
      maxLength: 33,
    });
    expect(gaps).toEqual([]);
    expect(value).toHaveLength(32);
  });

  it('follows what the schema refers to', () => {
    const $defs = {
      order: { type: 'object', required: ['id'], properties: { id: { $ref: '#/$defs/id' } } },
      id: { type: 'integer', minimum: 7 },
    };
    expect(sampleOf({ $ref: '#/$defs/order' }, { $defs })).toEqual({ value: { id: 7 }, gaps: [] });
  });

  it('names each place for which nothing that fits was found, and no other', () => {
    const code = { type: 'string', pattern: '^(?=.*z)(?!.*text)[a-z]{40}$' };
    const properties = {
      code,
      day: { type: 'string', format: 'date' },
      'a/b': { type: 'array', items: code, minItems: 1 },
    };
    const { payload, gaps } = samplePayload({
      type: 'object',
      required: Object.keys(properties),
      properties,
    });
    expect(gaps).toEqual(['/code', '/a~1b/0']);
    expect(payload).toMatchObject({ day: '2026-11-22' });
    expect(samplePayload({ not: {} })).toEqual({ payload: {}, gaps: [''] });
  });

  it('is an empty object where a workflow takes any, and leaves its schema as it was', () => {
    expect(samplePayload(null)).toEqual({ payload: {}, gaps: [] });
    const schema = { properties: { it: { $ref: '#/$defs/a' } }, $defs: { a: {} } };
    const before = structuredClone(schema);
    expect(samplePayload(schema)).toEqual({ payload: {}, gaps: [] });
    expect(schema).toEqual(before);
  });
});
