import { expect, it } from 'vitest';
import { rateLimitHeaders } from './rate-limit-headers.ts';

const key = { name: 'key', limit: 100, windowSeconds: 60, remaining: 42, resetSeconds: 7 };

it('tells of each limit what it is and what is left of it, as the draft writes it', () => {
  expect(rateLimitHeaders([key])).toEqual({
    'ratelimit-policy': '"key";q=100;w=60',
    ratelimit: '"key";r=42;t=7',
  });
  const instance = { name: 'instance', limit: 5, windowSeconds: 1, remaining: 0, resetSeconds: 1 };
  expect(rateLimitHeaders([key, instance])).toEqual({
    'ratelimit-policy': '"key";q=100;w=60, "instance";q=5;w=1',
    ratelimit: '"key";r=42;t=7, "instance";r=0;t=1',
  });
});

it('is silent where there is no limit', () => {
  expect(rateLimitHeaders([])).toEqual({});
});
