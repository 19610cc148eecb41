import type { Environment } from '@latchkey/keys';
import { type Expression, expressionBuilder, type Selectable, type SqlBool, type Updateable } from 'kysely';
import {
  containsText,
  type ProcessInstancesTable,
  type Reader,
  type Tables,
  type Writer,
} from '../../storage/index.ts';

export type InstanceRow = Selectable<ProcessInstancesTable>;

export async function insertInstance(trx: Writer, row: InstanceRow): Promise<void> {
  await trx.insertInto('process_instances').values(row).execute();
}

export async function findInstance(db: Reader, id: string): Promise<InstanceRow | undefined> {
  return db.selectFrom('process_instances').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What changes of an instance; nothing where only what belongs to it does. */
export type InstanceChange = Pick<
  Updateable<ProcessInstancesTable>,
  | 'title'
  | 'shared_with'
  | 'is_active'
  | 'inactive_reason'
  | 'query_keys'
  | 'max_concurrency'
  | 'rate_limit'
  | 'archived_at'
>;

/**
 * Changes an instance, moves its revision and holds its row until the transaction ends. Every change of an instance,
 * its workflows, its key or its signing secrets comes through here before it is made: others take turns, and the door
 * sees that what it knows of the instance is no longer so.
 */
export async function changeInstance(
  trx: Writer,
  id: string,
  change: InstanceChange = {},
): Promise<InstanceRow | undefined> {
  return trx
    .updateTable('process_instances')
    .set((eb) => ({ ...change, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export interface InstanceFilter {
  readonly organizationId: string;
  readonly environment: Environment | undefined;
  readonly archived: boolean;
  readonly state: 'active' | 'paused' | undefined;
  /** Part of a title, of an id, or of the id or name of a workflow. */
  readonly text: string | undefined;
  /** Whose instances, beside those that everybody sees; null for nobody's, undefined for everybody's. */
  readonly ownerId: string | null | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Whether an instance is theirs or everybody's; `ownerId` as `onlyOwner` of a standing says it. */
export function isSeenBy(ownerId: string | null): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'process_instances'>();
  return eb.or([
    eb('process_instances.owner_user_id', '=', ownerId),
    eb('process_instances.shared_with', '=', 'everyone'),
  ]);
}

function isTold(text: string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'process_instances'>();
  const workflows = eb
    .selectFrom('workflows')
    .select('workflows.workflow_id')
    .whereRef('workflows.instance_id', '=', 'process_instances.id')
    .where(({ ref }) => containsText([ref('workflows.workflow_id'), ref('workflows.name')], text));
  return eb.or([
    containsText([eb.ref('process_instances.title'), eb.ref('process_instances.id')], text),
    eb.exists(workflows),
  ]);
}

function wanted(db: Reader, filter: InstanceFilter) {
  const { environment, ownerId, state, text } = filter;
  return db
    .selectFrom('process_instances')
    .where('organization_id', '=', filter.organizationId)
    .where('archived_at', filter.archived ? 'is not' : 'is', null)
    .$if(environment !== undefined, (query) => query.where('environment', '=', environment ?? 'dev'))
    .$if(state !== undefined, (query) => query.where('is_active', '=', Number(state === 'active')))
    .$if(text !== undefined, (query) => query.where(isTold(text ?? '')))
    .$if(ownerId !== undefined, (query) => query.where(isSeenBy(ownerId ?? null)));
}

/** One page: last executed first, then newest first; those that never were come last. */
export async function findInstances(db: Reader, filter: InstanceFilter): Promise<InstanceRow[]> {
  return wanted(db, filter)
    .selectAll()
    .orderBy((eb) => eb.fn.coalesce('last_executed_at', eb.lit(0)), 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
}

export async function countInstances(db: Reader, filter: InstanceFilter): Promise<number> {
  const row = await wanted(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** How exact the time of the last execution is: to the instant would be one more write for each. */
const lastExecutedWithinMs = 5_000;

/** Notes that instances are being executed; their revision stays, since the door does not depend on it. */
export async function noteExecuted(trx: Writer, ids: readonly string[], now: number): Promise<void> {
  await trx
    .updateTable('process_instances')
    .set({ last_executed_at: now })
    .where('id', 'in', ids)
    .where((eb) =>
      eb.or([eb('last_executed_at', 'is', null), eb('last_executed_at', '<=', now - lastExecutedWithinMs)]),
    )
    .execute();
}

/** The organization of an instance; null where there is no such instance. */
export async function organizationOfInstance(db: Reader, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('process_instances')
    .select('organization_id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.organization_id ?? null;
}

/** The live key of an instance; an archived one has none. */
export interface InstanceKeyRow {
  readonly id: string;
  readonly prefix: string;
  readonly secret_sealed: string | null;
}

export async function findInstanceKey(db: Reader, instanceId: string): Promise<InstanceKeyRow | undefined> {
  return db
    .selectFrom('api_keys')
    .select(['id', 'prefix', 'secret_sealed'])
    .where('instance_id', '=', instanceId)
    .where('family', '=', 'instance')
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
}
