import { describe, expect, it } from 'vitest';
import { type Draft, initialDraft, inputForm, leavesOf } from './input-form.ts';
import { placeProblem, readDraft } from './read-draft.ts';

const schema = {
  type: 'object',
  required: ['id', 'note', 'who'],
  properties: {
    id: { type: 'integer' },
    note: { type: 'string' },
    isGift: { type: 'boolean' },
    size: { enum: ['S', 2, null] },
    tags: { type: 'array', items: { type: 'string' } },
    counts: { type: 'array', items: { type: 'number' } },
    who: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    where: { type: 'object', properties: { 'a/b~c': { type: 'string' } } },
    either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
    rows: { type: 'array', items: { type: 'object' } },
    currency: { type: 'string', default: 'CHF' },
  },
};
const form = inputForm(schema);

function read(typed: Readonly<Record<string, string>>) {
  const draft: Draft = new Map([...initialDraft(form), ...Object.entries(typed)]);
  return readDraft(form, draft);
}

describe('the form of an input schema', () => {
  it('asks for each part by what it is, and for the rest as JSON', () => {
    expect(leavesOf(form).map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      '/id number',
      '/note text',
      '/isGift choice',
      '/size choice',
      '/tags list',
      '/counts list',
      '/who/name text',
      '/where/a~1b~0c text',
      '/either json',
      '/rows json',
      '/currency text',
    ]);
  });

  it('asks for the whole as JSON where a schema says no parts, and where there is none', () => {
    for (const each of [null, {}, { type: 'object' }, { $ref: '#/$defs/x' }, { ...schema, allOf: [{}] }]) {
      expect(inputForm(each)).toMatchObject({ kind: 'json', path: '', initial: '{}' });
    }
  });

  it('becomes the payload that was typed, without what was left out', () => {
    expect(read({ '/id': '42', '/note': 'x', '/who/name': 'Ada' })).toEqual({
      payload: { id: 42, note: 'x', who: { name: 'Ada' }, currency: 'CHF' },
      problems: new Map(),
    });
    const all = {
      '/id': '1e3',
      '/note': ' ',
      '/who/name': 'Ada',
      '/isGift': 'false',
      '/size': 'null',
      '/tags': 'a b\n\nc',
      '/counts': '1\n2.5',
      '/where/a~1b~0c': 'x',
      '/either': '"7"',
      '/rows': '[{}]',
      '/currency': '',
    };
    expect(read(all).payload).toEqual({
      id: 1000,
      note: ' ',
      isGift: false,
      size: null,
      tags: ['a b', 'c'],
      counts: [1, 2.5],
      who: { name: 'Ada' },
      where: { 'a/b~c': 'x' },
      either: '7',
      rows: [{}],
    });
  });

  it('says itself only what is no value at all', () => {
    const typed = { '/id': 'many', '/note': 'x', '/who/name': 'Ada', '/counts': '1\nx', '/either': '{a:1}' };
    expect([...read(typed).problems.keys()]).toEqual(['/id', '/counts', '/either']);
    const whole = inputForm(null);
    expect(readDraft(whole, new Map([['', '[1]']])).problems.has('')).toBe(true);
  });

  it('asks for what is needed, and for nothing of a part that may be left out whole', () => {
    const name = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
    const asked = inputForm({
      ...schema,
      required: ['note', 'size'],
      properties: { ...schema.properties, who: name },
    });
    const draft = initialDraft(asked);
    expect([...readDraft(asked, draft).problems]).toEqual([
      ['/note', 'Fill this in.'],
      ['/size', 'Choose one.'],
    ]);
    expect(readDraft(asked, draft).payload).not.toHaveProperty('who');
  });

  it('shows what the server says at the field that it is about, in words that say what is expected', () => {
    const bound = inputForm({
      type: 'object',
      properties: {
        ...schema.properties,
        id: { type: 'integer', minimum: 1 },
        when: { type: 'string', format: 'date' },
        tags: { type: 'array', items: { type: 'string', maxLength: 3 } },
      },
    });
    const at = (problem: string) => [...placeProblem(bound, problem)];
    expect(at('/id must be integer.')).toEqual([['/id', 'A whole number.']]);
    expect(at('/id does not meet minimum.')).toEqual([['/id', 'At least 1.']]);
    expect(at('/when does not meet format.')).toEqual([['/when', 'A date like 2026-11-22.']]);
    expect(at('/size is none of the allowed values.')).toEqual([['/size', 'Is none of the allowed values.']]);
    expect(at('the whole lacks note.')).toEqual([['/note', 'Fill this in.']]);
    expect(at('/who lacks name.')).toEqual([['/who/name', 'Fill this in.']]);
    expect(at('/tags/1 does not meet maxLength.')).toEqual([['/tags', 'Line 2: At most 3 characters.']]);
    expect(at('/rows/0/a must be string.')).toEqual([['/rows', 'In it, /0/a must be string.']]);
    expect(at('the whole cannot be checked.')).toEqual([]);
  });

  it('tells the bounds of a value beside what it is for', () => {
    const properties = {
      id: { type: 'integer', minimum: 1, maximum: 9, description: 'As the shop counts' },
      note: { type: 'string', maxLength: 20, format: 'email' },
      free: { type: 'string' },
    };
    expect(leavesOf(inputForm({ type: 'object', properties })).map(({ description }) => description)).toEqual(
      [
        'As the shop counts. A whole number, at least 1, at most 9',
        'An address like ada@example.com, at most 20 characters',
        undefined,
      ],
    );
  });
});
