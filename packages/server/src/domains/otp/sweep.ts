import type { Clock } from '../../platform/clock.ts';
import { dayMs } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import { deleteEnded, deleteRolledOver } from '../limits/index.ts';
import { deleteEndedBefore } from './otp.sql.ts';

/** Used and expired codes are kept for a day, so that a late caller is told which of the two it was. */
const keptAfterEndMs = dayMs;

/** Removes codes and limit windows that no answer depends on any more. */
export async function sweepEnded(deps: { store: Store; clock: Clock }): Promise<void> {
  const now = deps.clock.now();
  await deps.store.write(async (trx) => {
    await deleteEndedBefore(trx, now - keptAfterEndMs);
    await deleteEnded(trx, now);
    await deleteRolledOver(trx, now);
  });
}
