import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Audited } from '../audit/index.ts';
import { type KeyDeps, type Principal, requireAdmin, requireMember } from '../keys/index.ts';
import { insertWorkspace, type WorkspaceRow } from './workspaces.sql.ts';

const idLength = 20;

/** A workspace as operations answer it. */
export function shownWorkspace({ id, environment, slug, name, created_at }: WorkspaceRow) {
  return { workspaceId: id, environment, slug, name, createdAt: toIso(created_at) };
}

/** Creates a workspace in one environment. Throws `SLUG_TAKEN` when a live one there has the slug. */
export async function createWorkspace(
  deps: KeyDeps & Audited,
  principal: Principal,
  { organizationId, environment, slug, name }: Input<'workspaces.create'>,
): Promise<Output<'workspaces.create'>> {
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const member = await requireMember(deps, trx, principal, organizationId, now);
    requireAdmin(member);
    const row: WorkspaceRow = {
      id: `wsp_${deps.random.alphanumeric(idLength)}`,
      organization_id: organizationId,
      environment,
      slug,
      name,
      created_by: member.userId,
      created_at: now,
      deleted_at: null,
    };
    if (!(await insertWorkspace(trx, row))) throw new LatchkeyError('SLUG_TAKEN', { fill: { slug } });
    await deps.audit.record(trx, { organizationId, id: row.id, details: { name } });
    return shownWorkspace(row);
  });
}
