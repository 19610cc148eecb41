import type { Input, Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import {
  changeKeys,
  type KeyDeps,
  type Principal,
  requireAdmin,
  requireMember,
  revokeAllOf,
} from '../keys/index.ts';
import { requireWorkspace, workspaceNotFound } from './require-workspace.ts';
import { markDeleted } from './workspaces.sql.ts';

/**
 * Deletes a workspace and revokes its keys, both or neither. The workspace is held before its keys are looked at, and
 * whoever makes a key in it holds it too: none is missed.
 */
export async function deleteWorkspace(
  deps: KeyDeps & Audited,
  principal: Principal,
  { organizationId, environment, slug }: Input<'workspaces.delete'>,
): Promise<Output<'workspaces.delete'>> {
  const now = deps.clock.now();
  const { answer } = await changeKeys(deps, async (trx) => {
    requireAdmin(await requireMember(deps, trx, principal, organizationId, now));
    const { id: workspaceId } = await requireWorkspace(trx, { organizationId, environment }, slug);
    deps.audit.about({ workspace: slug });
    if (!(await markDeleted(trx, workspaceId, now))) throw workspaceNotFound(slug);
    const keyIds = await revokeAllOf(trx, 'workspace_id', workspaceId, now);
    const { length: revokedKeys } = keyIds;
    await deps.audit.record(trx, { organizationId, id: workspaceId, details: { revokedKeys } });
    const changed = keyIds.map((keyId) => ({ keyId, organizationId }));
    return { answer: { workspaceId, slug, revokedKeys }, changed };
  });
  return answer;
}
