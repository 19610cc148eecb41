import type { Output } from '@latchkey/protocol';
import type { Applied, Asked } from '@latchkey/protocol/lease';
import { momentOf, type VerifierClock } from './clock.ts';

/** What the server answers a renewal with. */
export type Renewal = Output<'verifiers.renewLease'>;

export interface LeaseStreamOptions {
  /** What is applied now. */
  readonly held: () => Applied;
  /** Asks for the lease of `verifier`; waits for a change, at most `waitMs`. */
  readonly renew: (
    question: Applied & { readonly verifier: string; readonly waitMs: number },
    signal: AbortSignal,
  ) => Promise<Renewal>;
  /** Called for each answer, in their order. */
  readonly apply: (renewal: Renewal, asked: Asked) => void;
  /** Called when the stream ends, before the lease is given back. */
  readonly drop: () => void;
  readonly release: (verifier: string) => Promise<unknown>;
  /** A name that nobody had before: two holders of one name would confirm for each other. */
  readonly newName: () => string;
  readonly clock: VerifierClock;
  /** Without use for so long, the stream ends until the next use. */
  readonly idleMs: number;
  /** Ends early when the signal does. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** Holds a lease for as long as it is used. */
export interface LeaseStream {
  /** The name under which the lease is held now. */
  name(): string;
  /** Begins the stream where it does not run. */
  use(elapsedMs: number): void;
  /** Ends it for good; resolves when the lease has been given back, or cannot be. */
  close(): Promise<void>;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Renews at a third of the lease, so that two renewals in a row may fail. */
function waitWithin(leaseMs: number): number {
  return Math.min(Math.floor(leaseMs / 3), 20_000);
}

/** Renews a lease by long poll, one request at a time, from the first use on. */
export function createLeaseStream(options: LeaseStreamOptions): LeaseStream {
  const { held, renew, apply, drop, release, newName, clock, idleMs, delay, random } = options;
  const closing = new AbortController();
  let name = newName();
  let usedAtMs = 0;
  let running: Promise<void> | undefined;
  let releasing: Promise<unknown> = Promise.resolve();

  /** Answers how long the lease is; 0 where there is none. */
  async function renewOnce(waitMs: number): Promise<number> {
    const { applied, mark } = held();
    const said = { applied, mark };
    const sentAt = momentOf(clock);
    try {
      const renewal = await renew({ verifier: name, ...said, waitMs }, closing.signal);
      if (closing.signal.aborted) return 0;
      apply(renewal, { ...said, sentAt });
      return renewal.leaseMs;
    } catch {
      // Verifications ask the server as soon as the lease has run out, and say what is wrong.
      return 0;
    }
  }

  function isWanted(): boolean {
    return !closing.signal.aborted && clock.elapsedMs() - usedAtMs < idleMs;
  }

  async function hold(): Promise<void> {
    let leaseMs = 0;
    let failures = 0;
    while (isWanted()) {
      leaseMs = await renewOnce(waitWithin(leaseMs));
      failures = leaseMs > 0 ? 0 : failures + 1;
      if (failures > 0 && isWanted()) await delay(pauseMs(failures), closing.signal);
    }
    drop();
    releasing = release(name).catch(() => {});
    // A release that arrives late must not end a lease that was taken after it.
    name = newName();
    running = undefined;
  }

  function pauseMs(failures: number): number {
    return Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) * (0.5 + random() / 2);
  }

  return {
    name: () => name,
    use(elapsedMs) {
      usedAtMs = elapsedMs;
      if (running === undefined && !closing.signal.aborted) running = hold();
    },
    async close() {
      closing.abort();
      await running;
      await releasing;
    },
  };
}
