import { expect, it } from 'vitest';
import { createServerTime } from './server-time.ts';

it('knows nothing before the first answer', () => {
  const time = createServerTime();
  expect([time.earliest(5), time.latest(5)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

it('lies between what each answer allows, wherever within its way the server looked at its clock', () => {
  const time = createServerTime();
  time.learn(10_000, 100, 140);
  expect([time.earliest(140), time.latest(140)]).toEqual([10_000, 10_041]);
  time.learn(11_000, 1_110, 2_000);
  expect([time.earliest(2_000), time.latest(2_000)]).toEqual([11_860, 11_891]);
});

it('begins anew when the clock of the server has been set', () => {
  const time = createServerTime();
  time.learn(10_000, 100, 140);
  time.learn(5_000, 200, 210);
  expect([time.earliest(210), time.latest(210)]).toEqual([5_000, 5_011]);
});
