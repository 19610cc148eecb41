import { expect, it } from 'vitest';
import { whenText } from './when.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 22, 12);

it.each([
  [20_000, 'just now'],
  [-50_000, '1 minute ago'],
  [hour - 10_000, 'in 1 hour'],
  [day - 4_000, 'in 24 hours'],
  [-3 * hour - 50 * minute, '4 hours ago'],
  [2 * day + hour, 'in 2 days'],
  [7 * day - 1, 'in 7 days'],
  [-6.6 * day, '7 days ago'],
  [8 * day, 'Nov 30, 2026'],
  [90 * day - 1, 'Feb 20, 2027'],
  [-30 * day, 'Oct 23, 2026'],
])('what is %i ms away is told as %s', (awayMs, told) => {
  expect(whenText(new Date(now + awayMs).toISOString(), now)).toBe(told);
});
