/** What the clock of the server can show at a moment of the monotonic clock here, in Unix milliseconds. */
export interface ServerTime {
  /** Not before this. */
  earliest(elapsedMs: number): number;
  /** Not after this. */
  latest(elapsedMs: number): number;
  /** The server read `nowMs` at some moment between the two. */
  learn(nowMs: number, sentAtMs: number, receivedAtMs: number): void;
}

/**
 * Narrows down how far the clock of the server is ahead, answer by answer. When an answer contradicts the ones before,
 * one of the clocks has been set, and only that answer counts.
 */
export function createServerTime(): ServerTime {
  let leastAhead = Number.NEGATIVE_INFINITY;
  let mostAhead = Number.POSITIVE_INFINITY;
  return {
    earliest: (elapsedMs) => elapsedMs + leastAhead,
    latest: (elapsedMs) => elapsedMs + mostAhead,
    learn(nowMs, sentAtMs, receivedAtMs) {
      const least = Math.max(leastAhead, nowMs - receivedAtMs);
      // The server cuts its milliseconds off.
      const most = Math.min(mostAhead, nowMs + 1 - sentAtMs);
      const agrees = least <= most;
      leastAhead = agrees ? least : nowMs - receivedAtMs;
      mostAhead = agrees ? most : nowMs + 1 - sentAtMs;
    },
  };
}
