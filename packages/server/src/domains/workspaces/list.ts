import type { Input, Output } from '@latchkey/protocol';
import { type KeyDeps, type Principal, requireMember } from '../keys/index.ts';
import { shownWorkspace } from './create.ts';
import { levelInWorkspace } from './workspaces.rules.ts';
import { listWorkspaces } from './workspaces.sql.ts';

/** The live workspaces of an environment, each with the level that the caller has in it. */
export async function listOfEnvironment(
  deps: KeyDeps,
  principal: Principal,
  { organizationId, environment }: Input<'workspaces.list'>,
): Promise<Output<'workspaces.list'>> {
  const { db } = deps.store;
  const { role, userId } = await requireMember(deps, db, principal, organizationId, deps.clock.now());
  const rows = await listWorkspaces(db, { organizationId, environment }, userId);
  const workspaces = rows.map(({ granted, ...row }) => ({
    ...shownWorkspace(row),
    level: levelInWorkspace(role, granted ?? undefined),
  }));
  return { workspaces };
}
