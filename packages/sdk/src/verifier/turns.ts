/** Taking in an answer needs several turns; turning so often costs a caller in a tight loop about a hundredth. */
const longestTurnMs = 1;

/** Keeps a caller in a tight loop from holding up whatever else this process waits for. */
export interface Turns {
  /** Whether it is time to let the event loop turn. */
  isDue(elapsedMs: number): boolean;
  /** Resolves when it has turned. */
  next(): Promise<void>;
}

interface Scheduler {
  setImmediate?(callback: () => void): unknown;
}

/** A macrotask: everything that has arrived meanwhile is seen to before. */
function macrotask(callback: () => void): void {
  const { setImmediate } = globalThis as Scheduler;
  if (setImmediate === undefined) setTimeout(callback, 0);
  else setImmediate(callback);
}

/** One macrotask is under way at most, however many ask. */
export function createTurns(): Turns {
  let turn: Promise<void> | undefined;
  let beganAtMs = 0;

  function begin(elapsedMs: number): Promise<void> {
    beganAtMs = elapsedMs;
    turn = new Promise((resolve) => {
      macrotask(() => {
        turn = undefined;
        resolve();
      });
    });
    return turn;
  }

  return {
    isDue(elapsedMs) {
      if (turn !== undefined) return elapsedMs - beganAtMs > longestTurnMs;
      void begin(elapsedMs);
      return false;
    },
    next: async () => await turn,
  };
}
