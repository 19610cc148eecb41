import { UsageError } from '../command.ts';

/** How many of a list at most. */
export const limitFlag = {
  limit: { value: '<count>', summary: 'At most so many, 1 to 100', number: true },
} as const;

/**
 * Passes a limit that the server takes, and none.
 *
 * @throws {UsageError}
 */
export function checkedLimit(limit: number | undefined): number | undefined {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 1 && limit <= 100)) return limit;
  throw new UsageError('--limit must be a whole number from 1 to 100.');
}
