import type { Selectable } from 'kysely';
import type { Reader, WorkflowsTable, Writer } from '../../storage/index.ts';

export type WorkflowRow = Selectable<WorkflowsTable>;

/** In the order in which they were given. */
export async function findWorkflows(db: Reader, instanceId: string): Promise<WorkflowRow[]> {
  return db
    .selectFrom('workflows')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('position')
    .execute();
}

/** Of several instances at once, those of each in their order. */
export async function findWorkflowNames(
  db: Reader,
  instanceIds: readonly string[],
): Promise<Pick<WorkflowRow, 'instance_id' | 'workflow_id' | 'name'>[]> {
  if (instanceIds.length === 0) return [];
  return db
    .selectFrom('workflows')
    .select(['instance_id', 'workflow_id', 'name'])
    .where('instance_id', 'in', instanceIds)
    .orderBy('position')
    .execute();
}

export async function findWorkflow(
  db: Reader,
  instanceId: string,
  workflowId: string,
): Promise<WorkflowRow | undefined> {
  return db
    .selectFrom('workflows')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('workflow_id', '=', workflowId)
    .executeTakeFirst();
}

/** Writes workflows of an instance, which the caller holds; one that is there already keeps its trigger. */
export async function putWorkflows(trx: Writer, rows: readonly WorkflowRow[]): Promise<void> {
  await trx
    .insertInto('workflows')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['instance_id', 'workflow_id']).doUpdateSet(({ ref }) => ({
        position: ref('excluded.position'),
        name: ref('excluded.name'),
        target_url: ref('excluded.target_url'),
        mode: ref('excluded.mode'),
        timeout_seconds: ref('excluded.timeout_seconds'),
        idempotent: ref('excluded.idempotent'),
        input_schema: ref('excluded.input_schema'),
      })),
    )
    .execute();
}

/** Deletes the workflows of an instance, which the caller holds, but for these. */
export async function deleteOtherWorkflows(
  trx: Writer,
  instanceId: string,
  kept: readonly string[],
): Promise<void> {
  await trx
    .deleteFrom('workflows')
    .where('instance_id', '=', instanceId)
    .where('workflow_id', 'not in', kept)
    .execute();
}
