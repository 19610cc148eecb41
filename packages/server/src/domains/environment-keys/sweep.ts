import type { Clock } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import { markEnded } from './environment-keys.sql.ts';

/** Marks keys revoked whose rotation has ended. However late it runs, they have not been accepted since. */
export async function sweepRotated(deps: { store: Store; clock: Clock }): Promise<void> {
  await deps.store.write((trx) => markEnded(trx, deps.clock.now()));
}
