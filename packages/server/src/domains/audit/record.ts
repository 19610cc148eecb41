import { hash as digest, sign } from 'node:crypto';
import {
  type AuditCheckpoint,
  type AuditEvent,
  type AuditFacts,
  auditText,
  checkpointText,
} from '@latchkey/protocol';
import { type Clock, toIso } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Writer } from '../../storage/index.ts';
import { appendCheckpoint, appendEvent, takePlace } from './audit.sql.ts';

/** Every so many events a chain is signed by itself. */
const checkpointEvery = 100;

/** The chain of what belongs to no organization. */
export const serverChain = 'server';

export interface AuditDeps {
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** Signs that a chain has come to this event. */
export function signCheckpoint(
  { secrets, clock }: AuditDeps,
  chain: string,
  seq: number,
  hash: string,
): AuditCheckpoint {
  const at = toIso(clock.now());
  const signature = sign(
    null,
    Buffer.from(checkpointText({ chain, seq, hash, at })),
    secrets.auditKey.privateKey,
  );
  const { publicKey } = secrets.auditKey;
  return { kind: 'checkpoint', chain, seq, hash, at, publicKey, signature: signature.toString('base64url') };
}

/**
 * Adds an event to a chain in the caller's transaction: what it tells of and that it is told commit together.
 * Writers of one chain take turns, so call it last.
 */
export async function recordEvent(
  trx: Writer,
  deps: AuditDeps,
  chain: string,
  facts: AuditFacts,
): Promise<void> {
  const now = deps.clock.now();
  const { seq, previousHash } = await takePlace(trx, chain);
  const unhashed = { kind: 'event', chain, seq, at: toIso(now), ...facts, previousHash } as const;
  const event: AuditEvent = { ...unhashed, hash: digest('sha256', auditText(unhashed)) };
  await appendEvent(trx, event, now);
  if (seq % checkpointEvery === 0)
    await appendCheckpoint(trx, signCheckpoint(deps, chain, seq, event.hash), now);
}
