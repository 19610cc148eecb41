import { minuteMs } from '../../platform/clock.ts';
import type { Limit } from '../limits/index.ts';

/** Reports from one network address that end nothing. One that ends a key is never refused for what was sent before. */
export function emptyReportsPerAddress(address: string): Limit {
  return { name: `leak-reports ${address}`, limit: 20, windowMs: 10 * minuteMs };
}

/** The same from all addresses together: what strangers can make the server write. */
export const emptyReports: Limit = { name: 'leak-reports', limit: 2_000, windowMs: 10 * minuteMs };
