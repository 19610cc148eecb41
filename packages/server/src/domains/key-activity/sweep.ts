import { type Clock, dayMs } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import { deleteRefusalsOutside, deleteUsesBefore } from './key-activity.sql.ts';

const keptMs = 30 * dayMs;
/** SQLite answers nothing else meanwhile. */
const rowsPerTransaction = 500;

/** Removes what was counted more than 30 days ago, and refusals that are as old. */
export async function sweepActivity({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  const now = clock.now();
  await store.write((trx) => deleteRefusalsOutside(trx, now - keptMs, now + dayMs));
  let deleted = rowsPerTransaction;
  while (deleted === rowsPerTransaction) {
    deleted = await store.write((trx) => deleteUsesBefore(trx, now - keptMs, rowsPerTransaction));
  }
}
