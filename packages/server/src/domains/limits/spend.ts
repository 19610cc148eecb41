import { type ErrorCode, LatchkeyError } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import type { Reader, Writer } from '../../storage/index.ts';
import { countOne, type Limit, readCount } from './limits.sql.ts';

async function refusal(db: Reader, limit: Limit, now: number, code: ErrorCode): Promise<LatchkeyError> {
  const row = await readCount(db, limit.name);
  const waitMs = Math.min(Math.max((row?.ends_at ?? now) - now, 1), limit.windowMs);
  return new LatchkeyError(code, { details: { retryInSeconds: Math.ceil(waitMs / secondMs) } });
}

/**
 * Counts one against a limit, or throws `code` with `details.retryInSeconds`. Exact for any number of callers and
 * processes; throwing lets the caller's transaction undo what else it counted.
 */
export async function spend(trx: Writer, limit: Limit, now: number, code: ErrorCode): Promise<void> {
  if (!(await countOne(trx, limit, now))) throw await refusal(trx, limit, now, code);
}

/** Throws `code` when nothing is left of a limit, without counting. */
export async function refuseIfSpent(db: Reader, limit: Limit, now: number, code: ErrorCode): Promise<void> {
  const row = await readCount(db, limit.name);
  if (row === undefined || row.count < limit.limit) return;
  const live = row.ends_at > now && row.started_at <= now + limit.windowMs;
  if (live) throw await refusal(db, limit, now, code);
}
