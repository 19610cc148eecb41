import { type ErrorCode, LatchkeyError } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import type { Reader, Writer } from '../../storage/index.ts';
import { countOne, type Limit, windowOf } from './limits.sql.ts';
import { countRolling, rollingEnd } from './rolling.sql.ts';

/** What is thrown where a limit is spent until an instant in Unix milliseconds. */
export function refusal(code: ErrorCode, endsAt: number, now: number, { windowMs }: Limit): LatchkeyError {
  const waitMs = Math.min(Math.max(endsAt - now, 1), windowMs);
  return new LatchkeyError(code, { details: { retryInSeconds: Math.ceil(waitMs / secondMs) } });
}

/**
 * Counts one against a limit, or throws `code` with `details.retryInSeconds`. Exact for any number of callers and
 * processes; throwing lets the caller's transaction undo what else it counted.
 */
export async function spend(trx: Writer, limit: Limit, now: number, code: ErrorCode): Promise<void> {
  if (await countOne(trx, limit, now)) return;
  throw refusal(code, (await windowOf(trx, limit.name))?.endsAt ?? now, now, limit);
}

/** As `spend`, where no span of `windowMs`, wherever it begins, may hold more than `limit`. */
export async function spendRolling(trx: Writer, limit: Limit, now: number, code: ErrorCode): Promise<void> {
  if (await countRolling(trx, limit, now)) return;
  throw refusal(code, (await rollingEnd(trx, limit, now)) ?? now, now, limit);
}

/** Throws `code` when nothing is left of what `spendRolling` counts, without counting. */
export async function refuseIfRollingSpent(
  db: Reader,
  limit: Limit,
  now: number,
  code: ErrorCode,
): Promise<void> {
  const endsAt = await rollingEnd(db, limit, now);
  if (endsAt !== undefined) throw refusal(code, endsAt, now, limit);
}
