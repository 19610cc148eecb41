import { toIso } from '../../platform/clock.ts';
import type { KeyDeps } from './deps.ts';
import type { KeyRow } from './keys.sql.ts';

/** When a key was last used, and from where, as far as that was seen last. */
export interface ShownUse {
  readonly at: string;
  readonly address: string | null;
  readonly client: string | null;
}

type UsedRow = Pick<KeyRow, 'id' | 'last_used_at' | 'last_used_address' | 'last_used_client'>;

/** The last use, written or still to be written here; another server may have written a newer one. */
export function shownUse({ lastUsed }: Pick<KeyDeps, 'lastUsed'>, key: UsedRow): ShownUse | null {
  const pending = lastUsed.pendingUse(key.id);
  const written = key.last_used_at;
  if (pending !== undefined && (written === null || pending.at > written)) {
    // As the row will say it.
    const { address = key.last_used_address, client = key.last_used_client } = pending;
    return { at: toIso(pending.at), address, client };
  }
  if (written === null) return null;
  return { at: toIso(written), address: key.last_used_address, client: key.last_used_client };
}
