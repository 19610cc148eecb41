import {
  type AuditCheckpoint,
  type AuditEvent,
  firstPreviousHash,
  type Input,
  type Output,
} from '@latchkey/protocol';
import { headOf, readCheckpoints, readEvents, signCheckpoint } from '../audit/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { requireChainReader } from './reader.ts';

type ReadDeps = Pick<KeyDeps, 'store' | 'clock' | 'sessions' | 'secrets'>;

/** A checkpoint stands behind the event that it signs. */
function inOrder(
  events: readonly AuditEvent[],
  checkpoints: readonly AuditCheckpoint[],
): (AuditEvent | AuditCheckpoint)[] {
  const bySeq = new Map(checkpoints.map((checkpoint) => [checkpoint.seq, checkpoint]));
  return events.flatMap((event) => [event, bySeq.get(event.seq) ?? []].flat());
}

/** A page of a chain as it was written; the last one is closed by a checkpoint that is signed for it. */
export async function exportChain(
  deps: ReadDeps,
  principal: Principal,
  { organizationId: chain, after, limit }: Input<'audit.export'>,
): Promise<Output<'audit.export'>> {
  const { db } = deps.store;
  const now = deps.clock.now();
  await requireChainReader(deps, db, principal, chain, now);
  const found = await readEvents(db, chain, after, limit + 1);
  const events = found.slice(0, limit);
  const { seq, hash } = events.at(-1) ?? (await headOf(db, chain)) ?? { seq: 0, hash: firstPreviousHash };
  const lines = inOrder(events, await readCheckpoints(db, chain, after, seq));
  if (found.length > limit) return { lines, nextAfter: seq };
  return { lines: [...lines, signCheckpoint(deps.secrets, { chain, seq, hash }, now)], nextAfter: null };
}
