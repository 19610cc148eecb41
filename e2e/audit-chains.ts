import { hash as digest } from 'node:crypto';
import { type AuditEvent, type AuditFacts, auditText, firstPreviousHash } from '@latchkey/protocol';
import { expect } from 'vitest';
import type { Database } from './database.ts';

interface Row {
  readonly chain: string;
  readonly seq: number | string;
  readonly at: number | string;
  readonly facts: string;
  readonly previous_hash: string;
  readonly hash: string;
}

function eventOf({ chain, seq, at, facts, previous_hash: previousHash, hash }: Row): AuditEvent {
  const told = JSON.parse(facts) as AuditFacts;
  const when = new Date(Number(at)).toISOString();
  return { kind: 'event', chain, seq: Number(seq), at: when, ...told, previousHash, hash };
}

/** Fails unless every chain is whole: no place is empty or taken twice, and each event names the one before it. */
export async function expectUnbrokenChains(database: Database): Promise<AuditEvent[]> {
  const rows = await database.rows<Row>('select * from audit_events order by chain, seq');
  const events = rows.map(eventOf);
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    const previous = before?.chain === event.chain ? before : undefined;
    expect(event.seq).toBe((previous?.seq ?? 0) + 1);
    expect(event.previousHash).toBe(previous?.hash ?? firstPreviousHash);
    expect(digest('sha256', auditText(event))).toBe(event.hash);
  }
  const lasts = events.filter((event, index) => events[index + 1]?.chain !== event.chain);
  const heads = await database.rows<{ chain: string; seq: number | string; hash: string }>(
    'select chain, seq, hash from audit_chains order by chain',
  );
  expect(heads.map(({ chain, seq, hash }) => ({ chain, seq: Number(seq), hash }))).toEqual(
    lasts.map(({ chain, seq, hash }) => ({ chain, seq, hash })),
  );
  return events;
}

/** Fails unless there is one event for each key, and no event of a key that is not there. */
export async function expectAnEventForEachKey(database: Database, events: readonly AuditEvent[]) {
  const keys = await database.rows<{ id: string }>('select id from api_keys order by id');
  const told = events.flatMap(({ outcome, resource, details }) => {
    if (outcome !== 'done') return [];
    return resource.type === 'key' ? [resource.id] : typeof details.keyId === 'string' ? [details.keyId] : [];
  });
  expect(told.sort()).toEqual(keys.map(({ id }) => id).sort());
}
