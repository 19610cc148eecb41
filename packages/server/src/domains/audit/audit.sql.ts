import {
  type AuditCheckpoint,
  type AuditEvent,
  type AuditFacts,
  firstPreviousHash,
} from '@latchkey/protocol';
import type { Selectable } from 'kysely';
import { toIso } from '../../platform/clock.ts';
import type { AuditCheckpointsTable, AuditEventsTable, Reader, Writer } from '../../storage/index.ts';

/**
 * Takes the next place of a chain and holds the chain until the transaction ends, so that no two events take the
 * same place and none is left empty.
 */
export async function takePlace(trx: Writer, chain: string): Promise<{ seq: number; previousHash: string }> {
  await trx
    .insertInto('audit_chains')
    .values({ chain, seq: 0, hash: firstPreviousHash })
    .onConflict((conflict) => conflict.column('chain').doNothing())
    .execute();
  const { seq, hash } = await trx
    .updateTable('audit_chains')
    .set((eb) => ({ seq: eb('seq', '+', 1) }))
    .where('chain', '=', chain)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
  return { seq, previousHash: hash };
}

export async function appendEvent(trx: Writer, event: AuditEvent, at: number): Promise<void> {
  const { kind: _kind, chain, seq, at: _at, previousHash, hash, ...facts } = event;
  await trx
    .insertInto('audit_events')
    .values({
      chain,
      seq,
      at,
      action: facts.action,
      workspace: facts.workspace,
      facts: JSON.stringify(facts),
      previous_hash: previousHash,
      hash,
    })
    .execute();
  await trx.updateTable('audit_chains').set({ hash }).where('chain', '=', chain).execute();
}

export async function headOf(db: Reader, chain: string): Promise<{ seq: number; hash: string } | undefined> {
  return db.selectFrom('audit_chains').select(['seq', 'hash']).where('chain', '=', chain).executeTakeFirst();
}

/** Keeps a checkpoint, unless the same place has one. */
export async function appendCheckpoint(trx: Writer, checkpoint: AuditCheckpoint, at: number): Promise<void> {
  const { chain, seq, hash, publicKey, signature } = checkpoint;
  await trx
    .insertInto('audit_checkpoints')
    .values({ chain, seq, hash, at, public_key: publicKey, signature })
    .onConflict((conflict) => conflict.columns(['chain', 'seq']).doNothing())
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
  readonly action?: string | undefined;
  readonly workspace?: string | undefined;
  readonly since?: number | undefined;
  /** Only events before this place. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function findEvents(db: Reader, filter: EventFilter): Promise<AuditEvent[]> {
  const { action, workspace, since, before } = filter;
  const rows = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('chain', '=', filter.chain)
    .$if(action !== undefined, (query) => query.where('action', '=', action ?? ''))
    .$if(workspace !== undefined, (query) => query.where('workspace', '=', workspace ?? ''))
    .$if(since !== undefined, (query) => query.where('at', '>=', since ?? 0))
    .$if(before !== undefined, (query) => query.where('seq', '<', before ?? 0))
    .orderBy('seq', 'desc')
    .limit(filter.limit)
    .execute();
  return rows.map(toEvent);
}

/** A stretch of a chain in order, after one place and up to another. */
export async function readEvents(
  db: Reader,
  chain: string,
  after: number,
  upTo: number,
): Promise<AuditEvent[]> {
  const rows = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('chain', '=', chain)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .execute();
  return rows.map(toEvent);
}

/** The checkpoints within the same stretch. */
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
