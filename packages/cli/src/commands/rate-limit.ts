import type { Request as Asked } from '@latchkey/protocol';
import { UsageError } from '../command.ts';

type RateLimit = NonNullable<Asked<'instances.update'>['rateLimit']>;

export const rateLimitFlag = {
  'rate-limit': {
    value: '<limit>',
    summary: 'Calls that may be made within some seconds, as 100/60; off for no limit',
  },
} as const;

/**
 * `100/60` as the API takes it; null takes a limit away. The ranges are for the server to judge.
 *
 * @throws {UsageError}
 */
export function rateLimitOf(text: string | undefined): RateLimit | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'off') return null;
  const [, requests, windowSeconds] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (requests !== undefined && windowSeconds !== undefined) {
    return { requests: Number(requests), windowSeconds: Number(windowSeconds) };
  }
  throw new UsageError('--rate-limit must be <requests>/<seconds>, as 100/60, or off.');
}

/** A limit in words. */
export function rateLimitText(limit: RateLimit | null): string {
  return limit === null ? 'off' : `${limit.requests} calls in ${limit.windowSeconds} s`;
}
