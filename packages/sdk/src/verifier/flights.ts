/** What is being asked now, by name, so that others can wait for it in place of asking too. */
export interface Flights {
  /** Resolves when it has ended, however it ended; undefined where nothing is under way. */
  ended(name: string): Promise<void> | undefined;
  /** Runs it; others see it from now on. */
  run<Result>(name: string, ask: () => Promise<Result>): Promise<Result>;
}

/**
 * Whoever waits gets no answer, only the time at which to look into memory again. An answer is put there by the rules
 * of the lease; handed on it would reach verifications that began after a change which it does not know of.
 */
export function createFlights(): Flights {
  const flying = new Map<string, Promise<void>>();
  return {
    ended: (name) => flying.get(name),
    run(name, ask) {
      const asking = ask();
      const ended = asking.then(land, land);
      function land(): void {
        if (flying.get(name) === ended) flying.delete(name);
      }
      flying.set(name, ended);
      return asking;
    },
  };
}
