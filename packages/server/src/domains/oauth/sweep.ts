import type { SessionDeps } from './deps.ts';
import { keptAfterEndMs } from './oauth.rules.ts';
import { deleteRecordsEndedBefore } from './oauth.sql.ts';

/** Removes tokens, codes and sessions that ended long enough ago. */
export async function sweepOauth({ store, clock }: Pick<SessionDeps, 'store' | 'clock'>): Promise<void> {
  await store.write((trx) => deleteRecordsEndedBefore(trx, clock.now() - keptAfterEndMs));
}
