import { LatchkeyError } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { compileInputSchema, readInputSchema } from './input-schema.ts';

function problemOf(schema: Record<string, unknown>): string | undefined {
  try {
    readInputSchema('main', schema);
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'INVALID_INPUT_SCHEMA') {
      expect(error.message).toContain('The input schema of main cannot be used: ');
      return String(error.details?.problem);
    }
    throw error;
  }
  return undefined;
}

function nested(levels: number): Record<string, unknown> {
  return levels === 0 ? {} : { items: nested(levels - 1) };
}

/** Each name stands for two of the next. */
function laughs(names: number): Record<string, unknown> {
  const definitions = Array.from({ length: names }, (_, index) => {
    const next = { $ref: `#/$defs/n${index + 1}` };
    return [`n${index}`, index === names - 1 ? {} : { allOf: [next, next] }];
  });
  return { $defs: Object.fromEntries(definitions), $ref: '#/$defs/n0' };
}

describe('a schema that can be used', () => {
  const good: Readonly<Record<string, Record<string, unknown>>> = {
    'is empty': {},
    'holds every kind of keyword': {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'An order',
      type: ['object', 'null'],
      required: ['id'],
      properties: {
        id: { type: 'string', pattern: '^[A-Z]{2}[0-9]+$', minLength: 3 },
        id2: { $ref: '#/$defs/name' },
        tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 3 },
        at: { type: 'string', format: 'date-time' },
        id3: true,
      },
      patternProperties: { '^x-': {} },
      additionalProperties: false,
      $defs: { name: { anyOf: [{ const: 'a' }, { enum: [1, null] }] }, 'a/b~c': false },
      if: { required: ['id'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { minProperties: 1 },
      dependentRequired: { id: ['at'] },
      examples: [{ id: 'AB1' }],
    },
    'refers to a place with escapes in its name': { $ref: '#/$defs/a~1b~0c', $defs: { 'a/b~c': {} } },
    'refers to one place from many': {
      $defs: { a: {} },
      properties: { b: { $ref: '#/$defs/a' }, c: { $ref: '#/$defs/a' } },
    },
    'is 32 levels deep': nested(31),
  };
  it.each(Object.entries(good))('%s', (_what, schema) => {
    expect(problemOf(schema)).toBeUndefined();
    expect(JSON.parse(readInputSchema('main', schema))).toEqual(schema);
  });
});

describe('a schema that cannot be used', () => {
  const bad: Readonly<Record<string, readonly [schema: Record<string, unknown>, problem: RegExp]>> = {
    'has an unknown type': [{ type: 'text' }, /^\/type must be one or several of/],
    'has a keyword of the wrong form, deep inside': [
      { properties: { a: { items: { required: 'b' } } } },
      /^\/properties\/a\/items\/required must be a list of names\.$/,
    ],
    'has an unknown keyword': [{ require: ['a'] }, /^\/require is not a keyword that is checked here\.$/],
    'is of another draft': [{ $schema: 'http://json-schema.org/draft-07/schema#' }, /^\/\$schema must be/],
    'has something else where a schema belongs': [{ items: [{}] }, /^\/items must be a schema\.$/],
    'has an empty list of schemas': [{ anyOf: [] }, /^\/anyOf must be a list of schemas\.$/],
    'refers to another document': [
      { $ref: 'https://example.com/a.json' },
      /^\/\$ref must be a place in this/,
    ],
    'refers to a file': [{ $ref: 'file:///etc/passwd#/' }, /^\/\$ref must be a place/],
    'has an address of its own': [{ $id: 'https://example.com/a.json' }, /^\/\$id is not a keyword/],
    'refers to nothing': [{ $ref: '#/$defs/a' }, /^\/\$defs\/a is referred to, and is no schema\.$/],
    'refers to what is no schema': [{ $ref: '#/required', required: ['a'] }, /^\/required is referred to/],
    'refers to itself': [{ $ref: '#' }, /^the whole refers back to itself\.$/],
    'refers to itself by others': [
      { $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } } },
      /refers back to itself\.$/,
    ],
    'grows with each reference': [laughs(30), /applies too many schemas to one value\.$/],
    'is deeper than 32 levels': [nested(32), /is deeper than 32 levels\.$/],
    'is larger than 64 KB': [{ description: 'a'.repeat(65_536) }, /larger than 64 KB/],
    'has a pattern that is none': [{ pattern: '(' }, /^\/pattern must be a regular expression\.$/],
    'has a pattern that backtracks': [
      { properties: { a: { pattern: '^(a+)+$' } } },
      /^\/properties\/a\/pattern may take too long/,
    ],
    'has a pattern of names that backtracks': [
      { patternProperties: { '(x+x+)+y': {} } },
      /^\/patternProperties names a pattern that may take too long/,
    ],
    'has a format that is slow to check': [{ format: 'url' }, /^\/format must be one of/],
    'divides by nothing': [{ multipleOf: 0 }, /^\/multipleOf must be a number greater than 0\.$/],
  };
  it.each(Object.entries(bad))('%s', (_what, [schema, problem]) => {
    expect(problemOf(schema)).toMatch(problem);
  });

  it('is named by its place, but for names that could be anything', () => {
    expect(problemOf({ properties: { [`whsec_${'a'.repeat(50)}`]: { type: 1 } } })).toMatch(
      /^\/properties\/\(not shown\)\/type must be/,
    );
  });
});

describe('a payload', () => {
  const schema = {
    type: 'object',
    required: ['order'],
    properties: {
      order: { type: 'integer', minimum: 1 },
      tags: { type: 'array', items: { type: 'string', maxLength: 3 }, uniqueItems: true },
      customer: { $ref: '#/$defs/customer' },
      kind: { enum: ['a', 'b'] },
    },
    additionalProperties: false,
    $defs: {
      customer: { type: 'object', properties: { email: { type: 'string', format: 'email' } } },
    },
  };
  const check = compileInputSchema(JSON.stringify(schema));
  const secret = 'Zq7mark3r';
  const payloads: Readonly<Record<string, readonly [payload: unknown, problem: string | undefined]>> = {
    fits: [{ order: 7, tags: ['a'], customer: { email: 'a@b.example' }, kind: 'a' }, undefined],
    'is no object': [[secret], 'the whole must be object.'],
    'lacks what is required': [{}, 'the whole lacks order.'],
    'has another type inside': [{ order: secret }, '/order must be integer.'],
    'is out of range': [{ order: -77_777 }, '/order does not meet minimum.'],
    'is too long inside a list': [{ order: 1, tags: ['a', secret] }, '/tags/1 does not meet maxLength.'],
    'is wrong behind a reference': [
      { order: 1, customer: { email: secret } },
      '/customer/email does not meet format.',
    ],
    'has what is not allowed': [{ order: 1, more: secret }, '/more is not allowed.'],
    'has a name that could be anything': [
      { order: 1, [secret.repeat(9)]: 1 },
      '/(not shown) is not allowed.',
    ],
    'is none of the values': [{ order: 1, kind: secret }, '/kind is none of the allowed values.'],
    'repeats an item': [{ order: 1, tags: ['a', 'a'] }, '/tags does not meet uniqueItems.'],
  };
  it.each(Object.entries(payloads))('that %s is told so, without its values', (_what, [payload, problem]) => {
    expect(check(payload)).toBe(problem);
  });

  it('with a long list is not compared item by item', () => {
    const tags = Array.from({ length: 100_000 }, (_, index) => `${index}`);
    expect(check({ order: 1, tags })).toMatch(/more than 256 items, and items have to be unique/);
  });

  it('with a long text or name is not matched with patterns', () => {
    const slow = {
      properties: { a: { pattern: '[0-9]+x', maxLength: 1e6 } },
      patternProperties: { '[0-9]+y': {} },
    };
    const matched = compileInputSchema(JSON.stringify(slow));
    const long = '1'.repeat(1_000_000);
    expect(matched({ a: '12x' })).toBeUndefined();
    expect(matched({ a: `${'1'.repeat(1999)}x`, b: 'x'.repeat(5000) })).toBeUndefined();
    expect(matched({ a: 'x' })).toBe('/a does not meet pattern.');
    expect(matched({ a: long })).toBe('/a does not meet maxLength.');
    expect(matched({ b: { [long]: 1 } })).toMatch(/a name of more than 2000 characters/);
  });

  it('is checked without making code from the schema', () => {
    const named = { properties: { 'x"]; throw new Error("ran"); //': { type: 'string' } } };
    expect(compileInputSchema(JSON.stringify(named))({ 'x"]; throw new Error("ran"); //': 1 })).toBe(
      '/(not shown) must be string.',
    );
  });

  it('with a name that cannot be written as a URI is told something too', () => {
    const strict = compileInputSchema(JSON.stringify({ additionalProperties: false }));
    expect(strict({ '\ud800': 1 })).toBe('the whole cannot be checked.');
  });

  it('with more levels than can be gone into is told something too', () => {
    const unique = compileInputSchema(JSON.stringify({ properties: { a: { uniqueItems: true } } }));
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(unique({ a: [deep, deep] })).toBe('the whole cannot be checked.');
  });
});
