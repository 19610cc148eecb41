import { hash as digest } from 'node:crypto';
import { type AuditEvent, type AuditFacts, auditText } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Writer } from '../../storage/index.ts';
import { appendCheckpoint, appendEvent, takePlace } from './audit.sql.ts';
import { signCheckpoint } from './checkpoint.ts';

/** Every so many events a chain is signed by itself. */
const checkpointEvery = 100;

/** The chain of what belongs to no organization. */
export const serverChain = 'server';

/**
 * Adds an event to a chain in the caller's transaction: what it tells of and that it is told commit together, or
 * neither. Writers of one chain take turns from here until they commit, so call it last.
 */
export async function appendToChain(
  trx: Writer,
  secrets: Pick<Secrets, 'auditKey'>,
  chain: string,
  facts: AuditFacts,
  now: number,
): Promise<void> {
  const { seq, previousHash } = await takePlace(trx, chain);
  const unhashed = { kind: 'event', chain, seq, at: toIso(now), ...facts, previousHash } as const;
  const event: AuditEvent = { ...unhashed, hash: digest('sha256', auditText(unhashed)) };
  await appendEvent(trx, event, now);
  if (seq % checkpointEvery === 0) await appendCheckpoint(trx, signCheckpoint(secrets, event, now), now);
}
