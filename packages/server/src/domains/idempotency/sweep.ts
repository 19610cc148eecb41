import type { Clock } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import { deleteEndedClaims } from './claims.sql.ts';

/** Forgets requests that are no longer known by their names. */
export async function sweepClaims({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<void> {
  await store.write((trx) => deleteEndedClaims(trx, clock.now()));
}
