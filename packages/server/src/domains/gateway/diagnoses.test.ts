import { createTestClock } from '@latchkey/testkit';
import { expect, it } from 'vitest';
import { createDiagnoses } from './diagnoses.ts';

const look = () => 'found';

/** Keeps the processor busy, as looking for a cause does. */
function lookFor(ms: number): string {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return 'found';
}

it('looks closer five times a second for each instance, and leaves the others theirs', () => {
  const clock = createTestClock();
  const diagnoses = createDiagnoses(clock);
  const made = Array.from({ length: 7 }, () => diagnoses.look('one', 10, look));
  expect(made.filter((result) => result !== undefined)).toHaveLength(5);
  expect(diagnoses.look('other', 10, look)).toBe('found');
  clock.advance(1000);
  expect(diagnoses.look('one', 10, look)).toBe('found');
});

it('looks closer at no large body', () => {
  const diagnoses = createDiagnoses(createTestClock());
  expect(diagnoses.look('one', 64 * 1024, look)).toBe('found');
  expect(diagnoses.look('one', 64 * 1024 + 1, look)).toBeUndefined();
});

it('stops for all instances once a tenth of the second was spent on it', () => {
  const clock = createTestClock();
  const diagnoses = createDiagnoses(clock);
  expect(diagnoses.look('one', 10, () => lookFor(101))).toBe('found');
  expect(diagnoses.look('other', 10, look)).toBeUndefined();
  clock.advance(1000);
  expect(diagnoses.look('other', 10, look)).toBe('found');
});
