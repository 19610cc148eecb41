import type { Reader, Writer } from '../../storage/index.ts';
import { isUsable } from '../keys/index.ts';

export async function revisionOf(db: Reader, instanceId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('process_instances')
    .select('revision')
    .where('id', '=', instanceId)
    .executeTakeFirst();
  return row?.revision;
}

/**
 * The revisions of instances, held until the transaction ends: whoever changes one of them waits until what happened
 * by this revision has committed. Held alone: PostgreSQL lets those who share a row pass whoever waits to change it, so
 * that a flood of triggers would keep an instance from being paused, and a key from being revoked.
 */
export async function holdRevisions(trx: Writer, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await trx
    .selectFrom('process_instances')
    .select(['id', 'revision'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return new Map(rows.map(({ id, revision }) => [id, revision]));
}

/** The keys among these that can be used now, with their scopes as text; held like the revisions. */
export async function holdLiveKeys(
  trx: Writer,
  ids: readonly string[],
  now: number,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom('api_keys')
    .select(['id', 'scopes'])
    .where('id', 'in', ids)
    .where(isUsable(now))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return new Map(rows.map(({ id, scopes }) => [id, scopes]));
}

/** Somebody in an organization. */
export interface Membership {
  readonly organizationId: string;
  readonly userId: string;
}

/** What tells a membership from others. */
export function nameOf({ organizationId, userId }: Membership): string {
  return `${organizationId} ${userId}`;
}

/** The names of those memberships among these that there are; held like the revisions. */
export async function holdMemberships(
  trx: Writer,
  memberships: readonly Membership[],
): Promise<ReadonlySet<string>> {
  if (memberships.length === 0) return new Set();
  const distinct = new Map(memberships.map((each) => [nameOf(each), each]));
  const rows = await trx
    .selectFrom('memberships')
    .select(['organization_id as organizationId', 'user_id as userId'])
    .where((eb) =>
      eb.or(
        [...distinct.values()].map(({ organizationId, userId }) =>
          eb.and([eb('organization_id', '=', organizationId), eb('user_id', '=', userId)]),
        ),
      ),
    )
    .orderBy('organization_id')
    .orderBy('user_id')
    .forNoKeyUpdate()
    .execute();
  return new Set(rows.map(nameOf));
}

/** A signed message of one workflow. */
export interface Message {
  readonly instanceId: string;
  readonly workflowId: string;
  readonly digest: string;
}

/**
 * Remembers a message for an execution, unless it is remembered already; answers the execution that it belongs to.
 * One that need no longer be remembered is taken for a new one. A repetition, which its sender may have signed anew, is
 * remembered for as long as it could be played again itself.
 */
export async function rememberMessage(
  trx: Writer,
  { instanceId, workflowId, digest }: Message,
  executionId: string,
  endsAt: number,
  now: number,
): Promise<string> {
  const row = await trx
    .insertInto('webhook_messages')
    .values({
      instance_id: instanceId,
      workflow_id: workflowId,
      message: digest,
      execution_id: executionId,
      ends_at: endsAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['instance_id', 'workflow_id', 'message']).doUpdateSet((eb) => ({
        execution_id: eb
          .case()
          .when('webhook_messages.ends_at', '<=', now)
          .then(eb.ref('excluded.execution_id'))
          .else(eb.ref('webhook_messages.execution_id'))
          .end(),
        ends_at: eb
          .case()
          .when('webhook_messages.ends_at', '>', eb.ref('excluded.ends_at'))
          .then(eb.ref('webhook_messages.ends_at'))
          .else(eb.ref('excluded.ends_at'))
          .end(),
      })),
    )
    .returning('execution_id')
    .executeTakeFirstOrThrow();
  return row.execution_id;
}

/** Takes back that a message was remembered, as when nothing was started for it after all. */
export async function forgetMessage(trx: Writer, { instanceId, workflowId, digest }: Message): Promise<void> {
  await trx
    .deleteFrom('webhook_messages')
    .where('instance_id', '=', instanceId)
    .where('workflow_id', '=', workflowId)
    .where('message', '=', digest)
    .execute();
}

/** Removes messages of which no copy could be accepted any more. */
export async function forgetMessages(trx: Writer, now: number): Promise<void> {
  await trx.deleteFrom('webhook_messages').where('ends_at', '<=', now).execute();
}

/** Whether there is such a message: looking costs less than a transaction. */
export async function hasForgettable(db: Reader, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('webhook_messages')
    .select('message')
    .where('ends_at', '<=', now)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
