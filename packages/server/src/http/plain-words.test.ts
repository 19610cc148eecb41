import { operations } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inPlainWords } from './plain-words.ts';

function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value, { error: inPlainWords }).error?.issues[0]?.message;
}

const { shape } = operations['organizations.create'].input;

describe('what is wrong with a field', () => {
  it.each([
    [shape.name, undefined, 'is missing'],
    [shape.name, 7, 'must be text'],
    [shape.name, 'x', 'must have at least 2 characters'],
    [shape.name, 'x'.repeat(101), 'must have at most 100 characters'],
    [shape.name, 'a\u0000b', 'must not hold control characters'],
    [shape.logoBase64, '', 'must not be empty'],
    [shape.size, 'huge', 'must be one of solo, 2-10, 11-50, 51-200, 201-1000, 1000+'],
    [shape.logoUrl, 'nowhere', 'must be a URL'],
    [shape.storeCredentialCopy, 'yes', 'must be true or false'],
    [z.int().min(1).max(9), 1.5, 'must be a whole number'],
    [z.int().min(1).max(9), 10, 'must be at most 9'],
    [z.array(z.string()).min(1), [], 'must hold at least 1'],
    [z.array(z.string()), {}, 'must be a list'],
    [z.iso.datetime(), 'today', 'must be an instant as 2026-01-01T00:00:00Z'],
  ])('is said in plain words (%#)', (schema, value, words) => {
    expect(problemOf(schema, value)).toBe(words);
  });
});
