import { generateKey } from '@latchkey/keys';
import { operations } from '@latchkey/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInput } from './input.ts';
import { plainQuestion } from './plain-question.ts';

const key = generateKey('organization');

/** What the schema makes of a body, or that it refuses it. */
function bySchema(body: Record<string, unknown>): unknown {
  try {
    return checkInput(operations['keys.verify'], body);
  } catch {
    return 'refused';
  }
}

const texts = fc.oneof(
  fc.constantFrom(
    key,
    'dev',
    'prod',
    'payments',
    'Payments',
    '',
    '203.0.113.9',
    'orders/42',
    'v.1-x',
    `a${key}`,
  ),
  fc.string({ maxLength: 120 }),
);
const values = fc.oneof(
  texts,
  fc.integer({ min: -2, max: 1_000_002 }),
  fc.constantFrom(null, undefined, true, 1.5, Number.NaN, [], {}, -0),
  fc.array(fc.oneof(texts, fc.constant(7)), { maxLength: 52 }),
);
const names = fc.constantFrom(...Object.keys(operations['keys.verify'].input.shape), 'more', 'Key');

describe('a question that is read by hand', () => {
  it.each<[object, object]>([
    [{ key }, { cost: 1 }],
    [{ key: 'anything' }, { cost: 1 }],
    [{ key, allScopes: ['a:b'], anyScope: ['c'], cost: 0 }, {}],
    [
      { key, environment: 'dev', workspace: 'pay', resource: 'orders/42', ip: '::1', verifier: 'x-1' },
      { cost: 1 },
    ],
  ])('is read as it stands (%#)', (body, more) => {
    expect(plainQuestion(body)).toEqual({ ...body, ...more });
  });

  it('is read as the schema would, or left to it', () => {
    let plain = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values), { maxLength: 4 }), texts, (fields, presented) => {
        const body = { key: presented, ...Object.fromEntries(fields) };
        const read = plainQuestion(body);
        if (read === undefined) return;
        plain += 1;
        expect(read).toEqual(bySchema(body));
      }),
      { numRuns: 2_000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ key: 7 }],
    [{ key: 'x'.repeat(2_001) }],
    [{ key, more: 1 }],
    [{ key, resource: key }],
    [{ key, verifier: key }],
    [{ key, allScopes: [key] }],
    [{ key, allScopes: [] }],
    [{ key, cost: 1.5 }],
    [{ key, environment: 'live' }],
  ])('is left to the schema where something is wrong with it (%#)', (body) => {
    expect(plainQuestion(body)).toBeUndefined();
  });
});
