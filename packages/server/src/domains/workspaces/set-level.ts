import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { roleIn } from '../accounts/index.ts';
import type { Audited } from '../audit/index.ts';
import { type KeyDeps, type Principal, requireAdmin, requireMember } from '../keys/index.ts';
import { requireWorkspace } from './require-workspace.ts';
import { levelInWorkspace } from './workspaces.rules.ts';
import { putGrant, takeGrant } from './workspaces.sql.ts';

/**
 * Grants a member a level in a workspace, or takes it. The organization is held first: whoever removes the member at
 * the same time takes this grant too.
 */
export async function setLevel(
  deps: KeyDeps & Audited,
  principal: Principal,
  { organizationId, environment, slug, memberId, level }: Input<'workspaces.setLevel'>,
): Promise<Output<'workspaces.setLevel'>> {
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const caller = await requireMember(deps, trx, principal, organizationId, now);
    requireAdmin(caller);
    const { id: workspaceId } = await requireWorkspace(trx, { organizationId, environment }, slug);
    deps.audit.about({ workspace: slug });
    const role = await roleIn(trx, organizationId, memberId);
    if (role === undefined) throw new LatchkeyError('MEMBER_NOT_FOUND');
    if (level === null) await takeGrant(trx, workspaceId, memberId);
    else await putGrant(trx, { workspaceId, userId: memberId, level, grantedBy: caller.userId }, now);
    await deps.audit.record(trx, { organizationId, id: memberId, details: { granted: level } });
    return { memberId, granted: level, level: levelInWorkspace(role, level ?? undefined) };
  });
}
