import type { ExecutionStatus } from '@latchkey/protocol';
import {
  type Expression,
  expressionBuilder,
  type Insertable,
  type Selectable,
  type SqlBool,
  sql,
} from 'kysely';
import type { ExecutionsTable, Reader, Tables, Writer } from '../../storage/index.ts';

export type ExecutionRow = Selectable<ExecutionsTable>;

/** An execution that begins. */
export type NewRow = Insertable<ExecutionsTable>;

export async function insertExecutions(trx: Writer, rows: readonly NewRow[]): Promise<void> {
  if (rows.length === 0) return;
  await trx.insertInto('executions').values(rows).execute();
}

export async function findExecution(db: Reader, id: string): Promise<ExecutionRow | undefined> {
  return db.selectFrom('executions').selectAll().where('id', '=', id).executeTakeFirst();
}

/** An execution that repeats another one. */
export type Rerun = Pick<ExecutionRow, 'id' | 'status' | 'created_at'>;

/** Newest first. */
export async function listReruns(db: Reader, id: string, limit: number): Promise<Rerun[]> {
  return db
    .selectFrom('executions')
    .select(['id', 'status', 'created_at'])
    .where('rerun_of', '=', id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export interface ListFilter {
  readonly instanceId: string;
  readonly workflowId: string | undefined;
  readonly status: ExecutionStatus | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

/** What lists show; neither payload nor result, each of which may be megabytes. */
export const summaryColumns = [
  'id',
  'workflow_id',
  'trigger_id',
  'status',
  'created_at',
  'duration_ms',
  'error',
  'engine_execution_id',
] as const;
export type SummaryRow = Pick<ExecutionRow, (typeof summaryColumns)[number]>;

/** Whether an execution stands behind another one in a list that is newest first; behind one that is not there, none. */
export function isOlderThan(id: string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'executions'>();
  const last = eb
    .selectFrom('executions as last')
    .select(['last.created_at', 'last.id'])
    .where('last.id', '=', id)
    .$asTuple('created_at', 'id');
  return eb(eb.refTuple('executions.created_at', 'executions.id'), '<', last);
}

/** Newest first. */
export async function listRows(
  db: Reader,
  { instanceId, workflowId, status, before, limit }: ListFilter,
): Promise<SummaryRow[]> {
  return db
    .selectFrom('executions')
    .select(summaryColumns)
    .where('instance_id', '=', instanceId)
    .$if(workflowId !== undefined, (query) => query.where('workflow_id', '=', workflowId ?? ''))
    .$if(status !== undefined, (query) => query.where('status', '=', status ?? 'pending'))
    .$if(before !== undefined, (query) => query.where(isOlderThan(before ?? '')))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** An execution that is to be handed to its target. */
export interface Waiting {
  readonly id: string;
  readonly instance_id: string;
}

/**
 * What is due, longest first, of all instances but these; other processes may find the same, and one of them will
 * claim it.
 */
export async function findDue(
  db: Reader,
  now: number,
  limit: number,
  exceptInstances: readonly string[],
): Promise<Waiting[]> {
  return db
    .selectFrom('executions')
    .select(['id', 'instance_id'])
    .where('status', '=', 'pending')
    .where('deadline_at', '>', now)
    .where('due_at', '<=', now)
    .$if(exceptInstances.length > 0, (query) => query.where('instance_id', 'not in', exceptInstances))
    .orderBy('due_at')
    .limit(limit)
    .execute();
}

/** An execution that was taken for an attempt. */
export interface ClaimedRow extends ExecutionRow {
  /** What its instance was at. */
  readonly revision: number | null;
}

/**
 * Takes executions for one attempt each, whatever other process wants them too, and answers those that were there to
 * be taken. Where the target bears a repetition, what was taken is due again at `leaseEndsAt`, should this process
 * not live to tell what came of it.
 */
export async function claim(
  trx: Writer,
  ids: readonly string[],
  now: number,
  leaseEndsAt: number,
): Promise<ClaimedRow[]> {
  const isRepeatable = sql<number>`(select idempotent from workflows
    where workflows.instance_id = executions.instance_id and workflows.workflow_id = executions.workflow_id)`;
  return trx
    .updateTable('executions')
    .set((eb) => ({
      attempts: eb('attempts', '+', 1),
      due_at: eb.case().when(isRepeatable, '=', 1).then(leaseEndsAt).else(null).end(),
    }))
    .where('id', 'in', ids)
    .where('status', '=', 'pending')
    .where('due_at', '<=', now)
    .returningAll()
    .returning(({ selectFrom }) =>
      selectFrom('process_instances')
        .select('revision')
        .whereRef('process_instances.id', '=', 'executions.instance_id')
        .as('revision'),
    )
    .execute();
}

/** Has a pending execution attempted again at `dueAt`, after this failure (JSON); or no more, where its target has it. */
export async function postpone(
  trx: Writer,
  id: string,
  { dueAt, lastFailure }: { readonly dueAt: number | null; readonly lastFailure: string | null },
): Promise<void> {
  await trx
    .updateTable('executions')
    .set({ due_at: dueAt, last_failure: lastFailure })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

/** What an execution came to. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'pending'>;
  readonly result: string | null;
  readonly error: string | null;
  readonly engineExecutionId: string | null;
  /** From its creation until now unless told. */
  readonly durationMs: number | null;
}

/** Ends an execution unless something has ended it already; says whether this call did. The first one counts. */
export async function finish(trx: Writer, id: string, ending: Ending, now: number): Promise<boolean> {
  const { status, result, error, engineExecutionId, durationMs } = ending;
  const row = await trx
    .updateTable('executions')
    .set((eb) => ({
      status,
      result,
      error,
      due_at: null,
      finished_at: now,
      duration_ms: durationMs ?? eb(eb.val(now), '-', eb.ref('created_at')),
      ...(engineExecutionId !== null && { engine_execution_id: engineExecutionId }),
    }))
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether there is anything whose time is over: looking costs less than a transaction. */
export async function hasOverdue(db: Reader, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('executions')
    .select('id')
    .where('status', '=', 'pending')
    .where('deadline_at', '<=', now)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends everything whose time is over with this error; says how many that were. */
export async function finishOverdue(trx: Writer, error: string, now: number): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('executions')
    .set((eb) => ({
      status: 'failed' as const,
      error,
      due_at: null,
      finished_at: now,
      duration_ms: eb(eb.val(now), '-', eb.ref('created_at')),
    }))
    .where('status', '=', 'pending')
    .where('deadline_at', '<=', now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Holds a pending execution until the transaction ends, so that nothing is added to one that ends meanwhile. */
export async function holdPending(trx: Writer, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('executions')
    .select('id')
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
