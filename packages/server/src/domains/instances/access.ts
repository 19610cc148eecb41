import { LatchkeyError } from '@latchkey/protocol';
import type { Reader, Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { type AuthorityDeps, type Principal, requireLive } from '../keys/index.ts';
import { requireRoleScope, requireSeen, type Standing, standingIn } from '../sharing/index.ts';
import { changeInstance, findInstance, type InstanceRow } from './instances.sql.ts';

/** An instance that the caller may see, and what they are in its organization. */
export interface Reached {
  readonly instance: InstanceRow;
  readonly standing: Standing;
}

function requireShared(standing: Standing, { owner_user_id, shared_with }: InstanceRow): void {
  requireSeen(standing, { ownerId: owner_user_id, withEveryone: shared_with === 'everyone' });
}

/** Finds an instance and what the caller is in its organization; whether they may see it is not checked here. */
async function reach(
  deps: AuthorityDeps,
  db: Reader,
  principal: Principal,
  id: string,
  now: number,
): Promise<Reached> {
  await requireLive(deps, db, principal, now);
  const instance = await findInstance(db, id);
  if (instance === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  const standing = await standingIn(db, principal, instance.organization_id, 'INSTANCE_NOT_FOUND');
  return { instance, standing };
}

/** An instance to read. Throws `INSTANCE_NOT_FOUND`, `ORGANIZATION_MISMATCH` or `NOT_SHARED`. */
export async function requireInstance(
  deps: AuthorityDeps,
  db: Reader,
  principal: Principal,
  id: string,
  now: number,
): Promise<Reached> {
  const reached = await reach(deps, db, principal, id, now);
  requireShared(reached.standing, reached.instance);
  return reached;
}

/**
 * An instance to change, held until the transaction ends and as it is then, its revision moved. Rows are held in the
 * order: the caller's key or session, the organization, the instance, what belongs to it. Throws what
 * `requireInstance` throws.
 */
export async function holdInstance(
  deps: AuthorityDeps & Audited,
  trx: Writer,
  principal: Principal,
  id: string,
  now: number,
): Promise<Reached> {
  const { standing, instance: found } = await reach(deps, trx, principal, id, now);
  const instance = (await changeInstance(trx, id)) ?? found;
  deps.audit.about({ id, environment: instance.environment });
  requireShared(standing, instance);
  return { instance, standing };
}

/** An instance to manage, held. Throws what `holdInstance` throws, and `ROLE_INSUFFICIENT`. */
export async function holdManaged(
  deps: AuthorityDeps & Audited,
  trx: Writer,
  principal: Principal,
  id: string,
  now: number,
): Promise<InstanceRow> {
  const { instance, standing } = await holdInstance(deps, trx, principal, id, now);
  requireRoleScope(standing, 'instances:manage');
  return instance;
}
