import { describe, expect, it } from 'vitest';
import {
  emailAddress,
  slugShape,
  textProblem,
  webAddress,
  wholeNumberProblem,
  workflowIdShape,
} from './field-rules.ts';

describe('a text', () => {
  it('that is too long is told at once, with how long it is and may be', () => {
    expect(textProblem('a'.repeat(500), { maxLength: 500 })).toBeUndefined();
    expect(textProblem(` ${'a'.repeat(500)} `, { maxLength: 500 })).toBeUndefined();
    expect(textProblem('a'.repeat(600), { maxLength: 500 })).toEqual({
      text: 'These are 600 characters: at most 500 fit.',
      isTold: true,
    });
  });

  it('that typing on may still mend is told when it is to be sent', () => {
    expect(textProblem(' ', { required: true })?.isTold).toBe(false);
    expect(textProblem('a', { minLength: 2 })).toEqual({ text: 'At least 2 characters.', isTold: false });
    expect(textProblem('orders', { shape: webAddress })).toEqual({
      text: 'An address like https://orders.example.com/run.',
      isTold: false,
    });
    expect(textProblem('', { minLength: 2, shape: webAddress })).toBeUndefined();
  });

  it.each([
    [webAddress, ['http://a/b', 'https://a.example'], ['a.example', 'ftp://a.example', 'https://']],
    [emailAddress, ['ada@example.com'], ['ada', 'ada@', 'a da@example.com']],
    [workflowIdShape, ['main', 'A_1-b'], ['-a', 'a b', 'ä']],
    [slugShape, ['eu-1'], ['EU', '-a', 'a_b']],
  ])('has the shape that is asked for: %o', (shape, good, bad) => {
    expect([...good, ...bad].filter((text) => shape.fits(text))).toEqual(good);
  });
});

describe('a whole number', () => {
  it('is from one bound to the other, and nothing else is taken for one', () => {
    const days = { min: 1, max: 365 };
    expect(['1', ' 90 ', '365', ''].map((typed) => wholeNumberProblem(typed, days))).toEqual(
      Array(4).fill(undefined),
    );
    for (const typed of ['0', '366', '99999', '-3', '1.5', '1e2', '1,000', 'many', '0x10']) {
      expect(wholeNumberProblem(typed, days), typed).toEqual({
        text: 'A whole number from 1 to 365, without other characters.',
        isTold: true,
      });
    }
    expect(wholeNumberProblem(' ', { ...days, required: true })?.text).toBe('Fill this in.');
  });
});
