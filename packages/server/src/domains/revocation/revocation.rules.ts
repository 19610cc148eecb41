/**
 * The decisions of docs/revocation.md on the side of the servers, apart from everything that happens around them: the
 * model in model.test.ts is made of the same functions.
 */

import { type Moment, passedMs } from '@latchkey/protocol';

/** Durations are in milliseconds of the clock of whoever counts them. */
export interface Timing {
  /** For how long a process may answer from memory after it began to read the counter. */
  readonly leaseMs: number;
  /** By how much a clock may go wrong, as a part of the time that passes. */
  readonly maxDrift: number;
}

/** What the servers go by. */
export const timing: Timing = { leaseMs: 4_000, maxDrift: 0.01 };

/** After how long by this clock a lease has run out on another machine, whose clock is slow while this one is fast. */
export function outlastingMs(leaseMs: number, { maxDrift }: Timing): number {
  return Math.ceil((leaseMs * (1 + maxDrift)) / (1 - maxDrift));
}

/** Whether a lease still runs that is counted from `since`. */
export function isLive(since: Moment, now: Moment, { leaseMs }: Timing): boolean {
  return passedMs(since, now) < leaseMs;
}

/**
 * Where the counter stands. The mark is made up with each change: a database that was set back to an earlier state
 * gives out the same numbers again, and other marks.
 */
export interface Position {
  readonly seq: number;
  readonly mark: string;
}

/**
 * Whether a position that was read does not lie on the way that led here: what was applied before the reading began
 * must be in it, and a number that is remembered must have the mark that it had.
 */
export function isElsewhere(
  { seq, mark }: Position,
  appliedBefore: number,
  rememberedMark: string | undefined,
): boolean {
  return seq < appliedBefore || (rememberedMark !== undefined && rememberedMark !== mark);
}

/** What a process has read about itself, and where the counter stood. */
export interface Standing extends Position {
  /** Whether its row is there, so that others wait for it. */
  readonly isRegistered: boolean;
}

/**
 * Whether a reading carries a lease, counted from when it began. All that it knows of must be applied, and must be seen
 * in the database to be known to this process: only what is silent about a change is struck off (`mayStrike`).
 */
export function carriesLease(
  { seq, isRegistered }: Omit<Standing, 'mark'>,
  applied: number,
  untold: readonly number[],
): boolean {
  return isRegistered && applied >= seq && untold.every((each) => each > seq);
}

/** Where a change stands that a process hears of: numbers are applied in their order, without gaps. */
export function placeOf(seq: number, applied: number): 'known' | 'next' | 'ahead' {
  if (seq <= applied) return 'known';
  return seq === applied + 1 ? 'next' : 'ahead';
}

/** Another process, as one that has made a change finds it after its commit. */
export interface OtherProcess {
  /** It knows nothing that is older. */
  readonly registeredSeq: number;
  /** What it has said of the change: that it has seen it, or that nobody there relies on what was before it. */
  readonly said: 'seen' | 'confirmed' | undefined;
}

/** Whether a change is not over for another process. */
export function isWaitedFor({ registeredSeq, said }: OtherProcess, seq: number): boolean {
  return registeredSeq < seq && said !== 'confirmed';
}

/** Whether no lease can be left that was taken before the commit, which is so long ago. */
export function isOver(waitedMs: number, rules: Timing): boolean {
  return waitedMs >= outlastingMs(rules.leaseMs, rules);
}

/**
 * Whether a process may be struck off, so that nobody waits for it again: it has no lease that is older than the
 * change, and none that is newer, since it would have had to say that it has seen the change.
 */
export function mayStrike(other: OtherProcess, seq: number, waitedMs: number, rules: Timing): boolean {
  return other.registeredSeq < seq && other.said === undefined && isOver(waitedMs, rules);
}

/**
 * What a verifier is given, counted by it from when it sent its request: at most a lease, and never beyond that of the
 * server. Both are instants of the server's clock.
 */
export function grantMs(serverLeaseEndsAt: number, arrivedAt: number, { leaseMs }: Timing): number {
  return Math.max(0, Math.floor(Math.min(leaseMs, serverLeaseEndsAt - arrivedAt)));
}

/** When what was given has run out by the server's clock, however slow that of the verifier is. */
export function bookedUntil(arrivedAt: number, grantedMs: number, rules: Timing): number {
  return arrivedAt + outlastingMs(grantedMs, rules);
}

/** What a server remembers of a verifier. */
export interface Booked {
  /** The highest number that it has said to have applied; -1 before it has said any. */
  readonly applied: number;
  /** By the server's clock, the end of the longest lease that it was given. */
  readonly until: number;
}

/** Whether a verifier may still rely on what was before a change; of leases that were given before it was applied. */
export function isDangerous({ applied, until }: Booked, seq: number, atMs: number): boolean {
  return applied < seq && until > atMs;
}
