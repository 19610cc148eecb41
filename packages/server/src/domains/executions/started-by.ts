import { managesKeys } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import type { Standing } from '../sharing/index.ts';
import { decodeCaller } from './caller.ts';
import type { ExecutionRow } from './executions.sql.ts';
import { findKeyNames } from './starters.sql.ts';

type Started = Pick<ExecutionRow, 'caller'>;

/**
 * What the keys that started these are called, by id, as far as the reader may know: owners and admins all, others their
 * own. The executions must be some that the reader may see.
 */
export async function namesOfStarters(
  db: Reader,
  { role, userId }: Standing,
  rows: readonly Started[],
): Promise<ReadonlyMap<string, string>> {
  const ids = rows.map(({ caller }) => decodeCaller(caller).keyId).filter((id) => id !== null);
  const knowsAll = role !== undefined && managesKeys(role);
  return findKeyNames(db, [...new Set(ids)], knowsAll ? undefined : userId);
}
