import type { Moment } from '@latchkey/protocol/lease';

/** Where a verifier reads the time. Tests move it. */
export interface VerifierClock {
  /** Milliseconds that have passed since some instant; never goes back. */
  elapsedMs(): number;
  /** Unix milliseconds of the wall. */
  now(): number;
}

export const systemClock: VerifierClock = {
  elapsedMs: () => performance.now(),
  now: () => Date.now(),
};

/** Both at once. */
export function momentOf(clock: VerifierClock): Moment {
  return { elapsedMs: clock.elapsedMs(), nowMs: clock.now() };
}
