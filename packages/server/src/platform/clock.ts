import type { Moment } from '@latchkey/protocol';

/** Where the time comes from; tests pass one that they move. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since some instant, never set back: for durations. Comparable within this process only. */
  elapsedMs(): number;
}

export const systemClock: Clock = { now: () => Date.now(), elapsedMs: () => performance.now() };

/** What both clocks of this machine say now. */
export function momentOf(clock: Clock): Moment {
  return { elapsedMs: clock.elapsedMs(), nowMs: clock.now() };
}

/** An instant as the wire and the documents write it. */
export function toIso(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** The same where there may be no instant. */
export function isoOrNull(atMs: number | null | undefined): string | null {
  return atMs == null ? null : toIso(atMs);
}

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
