import { secondMs } from '../../platform/clock.ts';
import { createWriteBehind, type Store, type WriteBehind } from '../../storage/index.ts';
import { prepareRecordUse, type Use } from './keys.sql.ts';

const keysPerTransaction = 100;

/**
 * When keys were last used, gathered in memory and written down together every three seconds, so that using a
 * key costs no write. A crash loses at most the last five seconds of it.
 */
export interface LastUsed extends WriteBehind {
  /** `origin` says where the use came from; one that comes a moment after the use is of the same. */
  touch(keyId: string, usedAt: number, origin?: Omit<Use, 'at'>): void;
  /** The newest use known to this process that is not written yet. */
  pending(keyId: string): number | undefined;
  /** The same with where it came from. */
  pendingUse(keyId: string): Use | undefined;
}

/** A use that a later one may take the place of. */
type Gathered = { -readonly [Name in keyof Use]: Use[Name] };

export function createLastUsed(store: Store, onError: (error: unknown) => void): LastUsed {
  const recordUse = prepareRecordUse(store.db);
  let gathered = new Map<string, Gathered>();
  let writing = new Map<string, Use>();

  /** Forward only, as in the row: a clock that is set back must not take a use back. */
  function gather(keyId: string, use: Use): void {
    const knownAt = gathered.get(keyId)?.at ?? Number.NEGATIVE_INFINITY;
    // Who has used a key is often known only after that it was used, within the same millisecond.
    if (use.at > knownAt || (use.at === knownAt && use.address !== undefined))
      gathered.set(keyId, { ...use });
  }

  /** Most uses say no more than when they were, and there are far more of them than keys. */
  function touch(keyId: string, usedAt: number, origin?: Omit<Use, 'at'>): void {
    const known = gathered.get(keyId);
    if (
      known === undefined ||
      origin !== undefined ||
      known.address !== undefined ||
      known.client !== undefined
    ) {
      gather(keyId, { at: usedAt, ...origin });
    } else if (usedAt > known.at) {
      known.at = usedAt;
    }
  }

  function pendingUse(keyId: string): Use | undefined {
    return gathered.get(keyId) ?? writing.get(keyId);
  }

  function take(): (readonly [string, Use])[] {
    [writing, gathered] = [gathered, new Map()];
    return [...writing].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  const behind = createWriteBehind<readonly [string, Use]>(
    store,
    {
      everyMs: 3 * secondMs,
      perTransaction: keysPerTransaction,
      take,
      async write(trx, uses) {
        for (const [keyId, use] of uses) await recordUse(trx, keyId, use);
      },
      onWritten(uses) {
        for (const [keyId] of uses) writing.delete(keyId);
      },
      takeBack(uses) {
        for (const [keyId, use] of uses) gather(keyId, use);
        writing = new Map();
      },
    },
    onError,
  );
  return {
    touch,
    pending: (keyId) => pendingUse(keyId)?.at,
    pendingUse,
    ...behind,
  };
}
