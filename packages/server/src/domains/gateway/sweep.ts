import type { Clock } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import { forgetMessages, hasForgettable } from './gateway.sql.ts';

/** Forgets signed messages of which no copy could be accepted any more. */
export async function sweepMessages({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<void> {
  const now = clock.now();
  if (await hasForgettable(store.db, now)) await store.write((trx) => forgetMessages(trx, now));
}
