import type { Writer } from '../../storage/index.ts';
import { changeInstance } from '../instances/index.ts';
import { type KeyRow, markRevoked } from '../keys/index.ts';

/**
 * Ends a key of any family for good, in the caller's transaction; says whether this call did it. Of an instance key the
 * instance is held first and its revision moved, so that no door opens by what is remembered of it.
 */
export async function endKey(
  trx: Writer,
  { id, instance_id }: Pick<KeyRow, 'id' | 'instance_id'>,
  now: number,
): Promise<boolean> {
  if (instance_id !== null) await changeInstance(trx, instance_id);
  return markRevoked(trx, id, now);
}
