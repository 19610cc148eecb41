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

/** What a verifier has applied, as it says with each question. */
export interface Applied {
  /** The number up to which all changes are applied to its memory; null while it knows nothing and keeps nothing. */
  readonly applied: number | null;
  /** That of the answer which brought it there: a database that was set back gives out the same numbers again. */
  readonly mark: string;
}

/** What a verifier holds. */
export interface Lease extends Applied {
  /** When the request was sent that the lease was the answer to: it is not counted from the answer. */
  readonly since: Moment;
  readonly leaseMs: number;
}

/** Of a verifier that has just begun. */
export const noLease: Lease = { applied: null, mark: '', since: { elapsedMs: 0, nowMs: 0 }, leaseMs: 0 };

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
  readonly mark: string;
  readonly leaseMs: number;
  readonly reset: boolean;
  readonly keyIds: readonly string[];
}

/** A question of a verifier: what it said to have applied, and when it was sent. */
export interface Asked extends Applied {
  readonly sentAt: Moment;
}

/** What is to be forgotten; what is kept without a key id, as that there is no such key, goes with any of them. */
export type Forgotten = readonly string[] | 'all';

function endsBefore(one: Lease, sentAt: Moment, leaseMs: number): boolean {
  return one.since.elapsedMs + one.leaseMs <= sentAt.elapsedMs + leaseMs;
}

/**
 * What an answer does: forget first, then hold what is returned, in one step. Answers may come in any order: one to a
 * question from before the last that was taken says nothing of what is held now, unless that is still the same. After
 * `reset` the cursor may be lower than what was applied. No lease in the answer ends the one that is held.
 */
export function renewed(
  held: Lease,
  { cursor, mark, leaseMs, reset, keyIds }: Renewal,
  { applied, mark: markThen, sentAt }: Asked,
): { readonly lease: Lease; readonly forget: Forgotten } {
  if (held.applied !== applied || held.mark !== markThen) return { lease: held, forget: [] };
  const forget = reset || applied === null ? 'all' : keyIds;
  const isLater = reset || leaseMs === 0 || endsBefore(held, sentAt, leaseMs);
  const course = isLater ? { since: sentAt, leaseMs } : { since: held.since, leaseMs: held.leaseMs };
  return { lease: { applied: cursor, mark, ...course }, forget };
}
