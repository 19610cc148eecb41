import type { Input, Output } from '@latchkey/protocol';
import type { Random } from '../../platform/random.ts';
import type { Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { requireOrganization, requireRoleScope, type Standing } from '../sharing/index.ts';
import { insertProject } from './projects.sql.ts';

const idLength = 20;

/** What a project is made of. */
export interface NewProject {
  readonly name: string;
  readonly description: string;
  readonly templateId: string;
}

/** The template of a project that names none (contract/codika.md D.3). */
export const usualTemplate = 'two_stage';

/** Writes a project of the caller down and answers its id; that they may make it has been checked. */
export async function addProject(
  trx: Writer,
  { random }: { readonly random: Random },
  { organizationId, userId }: Standing,
  { name, description, templateId }: NewProject,
  now: number,
): Promise<string> {
  const id = random.alphanumeric(idLength);
  await insertProject(trx, {
    id,
    organization_id: organizationId,
    name,
    description,
    template_id: templateId,
    status: 'draft',
    created_by: userId,
    created_at: now,
    archived_at: null,
  });
  return id;
}

/** Creates a project in an organization, without instances. */
export async function createProject(
  deps: KeyDeps & Audited,
  principal: Principal,
  { organizationId: named, name, description = '', templateId }: Input<'projects.create'>,
): Promise<Output<'projects.create'>> {
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    await requireLive(deps, trx, principal, now);
    const standing = await requireOrganization(trx, principal, named);
    requireRoleScope(standing, 'projects:create');
    const projectId = await addProject(trx, deps, standing, { name, description, templateId }, now);
    const { organizationId } = standing;
    await deps.audit.record(trx, { organizationId, id: projectId, details: { name } });
    return { projectId };
  });
}
