import {
  type AuditCheckpoint,
  type AuditEvent,
  type AuditFacts,
  type AuditOutcome,
  firstPreviousHash,
} from '@latchkey/protocol';
import { type Expression, expressionBuilder, type Selectable, type SqlBool } from 'kysely';
import { toIso } from '../../platform/clock.ts';
import {
  type AuditCheckpointsTable,
  type AuditEventsTable,
  containsText,
  type Reader,
  type Tables,
  type Writer,
} from '../../storage/index.ts';

/** A place in a chain, and the hash of the event before it. */
export interface Place {
  readonly seq: number;
  readonly previousHash: string;
}

async function moveHead(trx: Writer, chain: string): Promise<Place | undefined> {
  const row = await trx
    .updateTable('audit_chains')
    .set((eb) => ({ seq: eb('seq', '+', 1) }))
    .where('chain', '=', chain)
    .returning(['seq', 'hash'])
    .executeTakeFirst();
  return row && { seq: row.seq, previousHash: row.hash };
}

/**
 * Takes the next place of a chain and holds the chain until the transaction ends, so that no two events take the
 * same place and none is left empty. The first place of all makes the chain.
 */
export async function takePlace(trx: Writer, chain: string): Promise<Place> {
  const place = await moveHead(trx, chain);
  if (place !== undefined) return place;
  await trx
    .insertInto('audit_chains')
    .values({ chain, seq: 0, hash: firstPreviousHash })
    .onConflict((conflict) => conflict.column('chain').doNothing())
    .execute();
  const first = await moveHead(trx, chain);
  if (first === undefined) throw new Error(`the audit chain ${chain} cannot be begun`);
  return first;
}

/** How far a chain has come; nothing when it has not begun. */
export async function headOf(db: Reader, chain: string): Promise<{ seq: number; hash: string } | undefined> {
  return db.selectFrom('audit_chains').select(['seq', 'hash']).where('chain', '=', chain).executeTakeFirst();
}

/** Writes an event in the place that it took. */
export async function appendEvent(trx: Writer, event: AuditEvent, at: number): Promise<void> {
  const { kind: _kind, chain, seq, at: _at, previousHash, hash, ...facts } = event;
  const { action, actor, resource, outcome, environment, workspace } = facts;
  await trx
    .insertInto('audit_events')
    .values({
      chain,
      seq,
      at,
      action,
      actor: actor.id ?? actor.email,
      resource: resource.id,
      outcome,
      environment,
      workspace,
      facts: JSON.stringify(facts),
      previous_hash: previousHash,
      hash,
    })
    .execute();
  await trx.updateTable('audit_chains').set({ hash }).where('chain', '=', chain).execute();
}

/** Keeps a checkpoint. */
export async function appendCheckpoint(trx: Writer, checkpoint: AuditCheckpoint, at: number): Promise<void> {
  const { chain, seq, hash, publicKey, signature } = checkpoint;
  await trx
    .insertInto('audit_checkpoints')
    .values({ chain, seq, hash, at, public_key: publicKey, signature })
    .execute();
}

function toEvent(row: Selectable<AuditEventsTable>): AuditEvent {
  const { chain, seq, hash } = row;
  const facts = JSON.parse(row.facts) as AuditFacts;
  return { kind: 'event', chain, seq, at: toIso(row.at), ...facts, previousHash: row.previous_hash, hash };
}

function toCheckpoint(row: Selectable<AuditCheckpointsTable>): AuditCheckpoint {
  const { chain, seq, hash, signature } = row;
  return { kind: 'checkpoint', chain, seq, hash, at: toIso(row.at), publicKey: row.public_key, signature };
}

/** Which events of a chain; undefined = any. */
export interface EventFilter {
  readonly chain: string;
  /** Milliseconds; from this instant on. */
  readonly since: number | undefined;
  /** Milliseconds; up to, and not including. */
  readonly until: number | undefined;
  readonly action: string | undefined;
  /** Any of these. */
  readonly actors: readonly string[] | undefined;
  /** An id, or a part of an address, or of the name of a key of the chain's organization. */
  readonly actorText: string | undefined;
  readonly resource: string | undefined;
  readonly outcome: AuditOutcome | undefined;
  readonly environment: string | undefined;
  readonly workspace: string | undefined;
  /** Only events before this place. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** Whether somebody or something that is called like this did it. */
function isDoneBy(chain: string, text: string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'audit_events'>();
  const people = eb
    .selectFrom('users')
    .select('users.id')
    .where(({ ref }) => containsText([ref('users.email')], text));
  const keys = eb
    .selectFrom('api_keys')
    .select('api_keys.id')
    .where('api_keys.organization_id', '=', chain)
    .where(({ ref }) => containsText([ref('api_keys.name')], text));
  return eb.or([
    eb('actor', '=', text),
    eb('actor', 'in', people),
    eb('actor', 'in', keys),
    // An address of somebody who had not proved it; an id is not looked into.
    eb.and([eb('actor', 'like', '%@%'), containsText([eb.ref('actor')], text)]),
  ]);
}

/** Newest first. */
export async function findEvents(db: Reader, filter: EventFilter): Promise<AuditEvent[]> {
  let query = db.selectFrom('audit_events').selectAll().where('chain', '=', filter.chain);
  for (const column of ['action', 'resource', 'outcome', 'environment', 'workspace'] as const) {
    const wanted = filter[column];
    if (wanted !== undefined) query = query.where(column, '=', wanted as never);
  }
  if (filter.actors !== undefined) query = query.where('actor', 'in', filter.actors);
  if (filter.actorText !== undefined) query = query.where(isDoneBy(filter.chain, filter.actorText));
  if (filter.since !== undefined) query = query.where('at', '>=', filter.since);
  if (filter.until !== undefined) query = query.where('at', '<', filter.until);
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
  const rows = await query.orderBy('seq', 'desc').limit(filter.limit).execute();
  return rows.map(toEvent);
}

/** The events of a chain after a place, in order. */
export async function readEvents(
  db: Reader,
  chain: string,
  after: number,
  limit: number,
): Promise<AuditEvent[]> {
  const rows = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('chain', '=', chain)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(toEvent);
}

/** The checkpoints after a place and up to another, in order. */
export async function readCheckpoints(
  db: Reader,
  chain: string,
  after: number,
  upTo: number,
): Promise<AuditCheckpoint[]> {
  const rows = await db
    .selectFrom('audit_checkpoints')
    .selectAll()
    .where('chain', '=', chain)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .execute();
  return rows.map(toCheckpoint);
}
