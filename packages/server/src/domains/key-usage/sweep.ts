import type { Clock } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import { deleteEndedWindows } from './key-usage.sql.ts';

/** Removes windows of limits that are over. */
export async function sweepUses({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  await store.write((trx) => deleteEndedWindows(trx, clock.now()));
}
