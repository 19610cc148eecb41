import { managesKeys } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { findMembers } from '../members/index.ts';
import type { Standing } from '../sharing/index.ts';
import { decodeCaller, type ExecutionCaller } from './caller.ts';
import type { ExecutionRow } from './executions.sql.ts';
import { findKeyNames, findSecretLabels } from './starters.sql.ts';

type Started = Pick<ExecutionRow, 'caller'>;

/** Each once. */
function idsOf(
  callers: readonly ExecutionCaller[],
  idOf: (caller: ExecutionCaller) => string | null,
): string[] {
  return [...new Set(callers.map(idOf).filter((id) => id !== null))];
}

/**
 * What started these is called, by id: keys, of which owners and admins know all and others their own; the labels of
 * signing secrets; and for members the addresses of members who did it themselves. The executions must be some that the
 * reader may see.
 */
export async function namesOfStarters(
  db: Reader,
  { organizationId, role, userId }: Standing,
  rows: readonly Started[],
): Promise<ReadonlyMap<string, string>> {
  const callers = rows.map(({ caller }) => decodeCaller(caller));
  const people = callers.filter(({ method }) => method === 'session');
  const knowsAll = role !== undefined && managesKeys(role);
  const [keys, secrets, members] = await Promise.all([
    findKeyNames(
      db,
      idsOf(callers, ({ keyId }) => keyId),
      knowsAll ? undefined : userId,
    ),
    findSecretLabels(
      db,
      idsOf(callers, ({ signingSecretId }) => signingSecretId),
    ),
    findMembers(db, organizationId, role === undefined ? [] : idsOf(people, ({ userId: id }) => id)),
  ]);
  const emails = members.map(({ userId: id, email }) => [id, email] as const);
  return new Map([...keys, ...secrets, ...emails]);
}
