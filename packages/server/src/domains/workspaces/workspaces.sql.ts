import type { Environment } from '@latchkey/keys';
import type { Level } from '@latchkey/protocol';
import type { Selectable } from 'kysely';
import type { Reader, WorkspacesTable, Writer } from '../../storage/index.ts';

export type WorkspaceRow = Selectable<WorkspacesTable>;

/** One environment of an organization. */
export interface Place {
  readonly organizationId: string;
  readonly environment: Environment;
}

/** Inserts a workspace unless a live one has its slug; says whether it did. */
export async function insertWorkspace(trx: Writer, row: WorkspaceRow): Promise<boolean> {
  const inserted = await trx
    .insertInto('workspaces')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** The live workspace that has a slug. */
export async function findWorkspace(
  db: Reader,
  { organizationId, environment }: Place,
  slug: string,
): Promise<WorkspaceRow | undefined> {
  return db
    .selectFrom('workspaces')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('environment', '=', environment)
    .where('slug', '=', slug)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
}

/** The slug of a workspace, live or deleted. */
export async function slugOf(db: Reader, id: string): Promise<string | null> {
  const row = await db.selectFrom('workspaces').select('slug').where('id', '=', id).executeTakeFirst();
  return row?.slug ?? null;
}

/** Live workspaces by slug, each with what a person is granted in it. */
export async function listWorkspaces(
  db: Reader,
  { organizationId, environment }: Place,
  userId: string,
): Promise<(WorkspaceRow & { granted: Level | null })[]> {
  return db
    .selectFrom('workspaces')
    .leftJoin('workspace_levels', (join) =>
      join
        .onRef('workspace_levels.workspace_id', '=', 'workspaces.id')
        .on('workspace_levels.user_id', '=', userId),
    )
    .selectAll('workspaces')
    .select('workspace_levels.level as granted')
    .where('organization_id', '=', organizationId)
    .where('environment', '=', environment)
    .where('deleted_at', 'is', null)
    .orderBy('slug')
    .execute();
}

/**
 * Holds a workspace until the transaction ends, so that its keys can be counted in the statement after; false when
 * it was deleted meanwhile.
 */
export async function lockWorkspace(trx: Writer, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('workspaces')
    .set((eb) => ({ name: eb.ref('name') }))
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Deletes a live workspace; says whether this call did it. The row stays, for the keys that name it. */
export async function markDeleted(trx: Writer, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('workspaces')
    .set({ deleted_at: now })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function grantedLevel(
  db: Reader,
  workspaceId: string,
  userId: string,
): Promise<Level | undefined> {
  const row = await db
    .selectFrom('workspace_levels')
    .select('level')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.level;
}

/** What a member is granted in a workspace, by whom and when. */
export interface Grant {
  readonly workspaceId: string;
  readonly userId: string;
  readonly level: Level;
  readonly grantedBy: string;
}

export async function putGrant(trx: Writer, grant: Grant, now: number): Promise<void> {
  const values = { level: grant.level, granted_by: grant.grantedBy, granted_at: now };
  await trx
    .insertInto('workspace_levels')
    .values({ workspace_id: grant.workspaceId, user_id: grant.userId, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'user_id']).doUpdateSet(values))
    .execute();
}

/** What members are granted in the live workspaces of an environment, oldest first. */
export async function listGrants(
  db: Reader,
  { organizationId, environment }: Place,
): Promise<Omit<Grant, 'grantedBy'>[]> {
  return db
    .selectFrom('workspace_levels')
    .innerJoin('workspaces', 'workspaces.id', 'workspace_levels.workspace_id')
    .select(['workspace_id as workspaceId', 'user_id as userId', 'level'])
    .where('organization_id', '=', organizationId)
    .where('environment', '=', environment)
    .where('deleted_at', 'is', null)
    .orderBy('granted_at')
    .orderBy('user_id')
    .execute();
}

export async function takeGrant(trx: Writer, workspaceId: string, userId: string): Promise<void> {
  await trx
    .deleteFrom('workspace_levels')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .execute();
}

/** Takes everything that a person is granted in the workspaces of an organization. */
export async function takeGrantsIn(trx: Writer, organizationId: string, userId: string): Promise<void> {
  await trx
    .deleteFrom('workspace_levels')
    .where('user_id', '=', userId)
    .where('workspace_id', 'in', (eb) =>
      eb.selectFrom('workspaces').select('id').where('organization_id', '=', organizationId),
    )
    .execute();
}
