import type { Store } from '../../storage/index.ts';
import { deleteConfirmations, readCounter } from './revocation.sql.ts';

/**
 * Deletes what processes have said of old changes: what was numbered before the last sweep of this process was settled
 * long ago. No clock of another machine is believed for that.
 */
export function createConfirmationSweep(): (deps: { readonly store: Store }) => Promise<void> {
  let seqAtLastSweep: number | undefined;
  return async ({ store }) => {
    const { seq } = await readCounter(store.db);
    const upToSeq = seqAtLastSweep;
    if (upToSeq !== undefined && upToSeq < seq) await store.write((trx) => deleteConfirmations(trx, upToSeq));
    seqAtLastSweep = seq;
  };
}
