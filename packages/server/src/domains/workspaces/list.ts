import { type Input, managesKeys, type Output } from '@latchkey/protocol';
import { type KeyDeps, type Principal, requireMember } from '../keys/index.ts';
import { shownWorkspace } from './create.ts';
import { levelInWorkspace } from './workspaces.rules.ts';
import { listGrants, listWorkspaces } from './workspaces.sql.ts';

/**
 * The live workspaces of an environment, each with the level that the caller has in it. Who is granted what there is for
 * those who decide that.
 */
export async function listOfEnvironment(
  deps: KeyDeps,
  principal: Principal,
  { organizationId, environment }: Input<'workspaces.list'>,
): Promise<Output<'workspaces.list'>> {
  const { db } = deps.store;
  const { role, userId } = await requireMember(deps, db, principal, organizationId, deps.clock.now());
  const place = { organizationId, environment };
  const rows = await listWorkspaces(db, place, userId);
  const grants = managesKeys(role) ? await listGrants(db, place) : undefined;
  const workspaces = rows.map(({ granted, ...row }) => ({
    ...shownWorkspace(row),
    level: levelInWorkspace(role, granted ?? undefined),
    grants:
      grants
        ?.filter(({ workspaceId }) => workspaceId === row.id)
        .map(({ userId: memberId, level }) => ({ memberId, level })) ?? null,
  }));
  return { workspaces };
}
