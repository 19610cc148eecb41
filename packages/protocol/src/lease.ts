/**
 * When a verifier may answer from memory (docs/revocation.md). Free of dependencies and of state: the verifier of the
 * SDK and the model that the protocol is checked by decide with the same functions.
 */

/** What the two clocks of a machine say at one instant. */
export interface Moment {
  /** Milliseconds since some instant, never set back. */
  readonly elapsedMs: number;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/**
 * How long it has been at most. The steady clock of a machine stands still while the machine is suspended, and the
 * other one may be set: a lease ends by whichever is further.
 */
export function passedMs(since: Moment, until: Moment): number {
  return Math.max(until.elapsedMs - since.elapsedMs, until.nowMs - since.nowMs);
}

/** What a verifier holds. */
export interface Lease {
  /** The number up to which all changes are applied to its memory; null while it knows nothing and keeps nothing. */
  readonly applied: number | null;
  /** When the request was sent that the lease was the answer to: it is not counted from the answer. */
  readonly since: Moment;
  readonly leaseMs: number;
}

/** Of a verifier that has just begun. */
export const noLease: Lease = { applied: null, since: { elapsedMs: 0, nowMs: 0 }, leaseMs: 0 };

/** Whether what is kept may be answered now. Ask for each answer: a process may be stopped between any two lines. */
export function mayAnswer({ applied, since, leaseMs }: Lease, now: Moment): boolean {
  return applied !== null && passedMs(since, now) < leaseMs;
}

/**
 * Whether an answer may be kept that knows of all changes up to `asOf`. Ask when it has come, not when it was asked
 * for: the change that ends the key may have been applied in between. Without a lease it may be kept and not answered.
 */
export function mayKeep({ applied }: Lease, asOf: number): boolean {
  return applied !== null && asOf >= applied;
}

/**
 * Whether a caller may wait for a question that was asked before they came, when `startedAt` was applied: only as far
 * as they might as well have been answered from memory.
 */
export function mayJoin(lease: Lease, startedAt: number | null, now: Moment): boolean {
  return mayAnswer(lease, now) && lease.applied === startedAt;
}

/** The answer of `verifiers.renewLease`. */
export interface Renewal {
  readonly cursor: number;
  readonly leaseMs: number;
  readonly reset: boolean;
  readonly keyIds: readonly string[];
}

/** What is to be forgotten; what is kept without a key id, as that there is no such key, goes with any of them. */
export type Forgotten = readonly string[] | 'all';

function endsBefore(one: Lease, sentAt: Moment, leaseMs: number): boolean {
  return one.since.elapsedMs + one.leaseMs <= sentAt.elapsedMs + leaseMs;
}

/**
 * What an answer does: forget first, then hold what is returned, in one step. Answers may come in any order: one that
 * is older than what is applied takes nothing back. No lease in the answer ends the one that is held.
 */
export function renewed(
  held: Lease,
  { cursor, leaseMs, reset, keyIds }: Renewal,
  sentAt: Moment,
): { readonly lease: Lease; readonly forget: Forgotten } {
  const applied = Math.max(held.applied ?? cursor, cursor);
  const forget = reset || held.applied === null ? 'all' : keyIds;
  const isLater = leaseMs === 0 || endsBefore(held, sentAt, leaseMs);
  return { lease: isLater ? { applied, since: sentAt, leaseMs } : { ...held, applied }, forget };
}
