import { type Clock, secondMs } from '../../platform/clock.ts';

const failuresToOpen = 5;
const coolDownMs = 30 * secondMs;
/** Targets come from callers: what is kept of those that fail has a bound, and the oldest go first. */
const maxCircuits = 10_000;

interface Circuit {
  failures: number;
  openUntilMs: number;
  why: string;
  probing: boolean;
}

/** What came of a call: `down` when the target was not there, `unknown` when the call ended before that showed. */
export type Verdict = 'up' | 'down' | 'unknown';

export type Entry =
  /** `why`: what was said of the failure that opened it, or of the last one since. */
  | { readonly open: true; readonly retryAfterMs: number; readonly why: string }
  /** `leave` is called once, with what came of the call, and what there is to say of it. */
  | { readonly open: false; leave(verdict: Verdict, why?: string): void };

/** Keeps calls from targets that are not there. */
export interface Breaker {
  /** Asks to make a call; the circuits of two names have nothing to do with each other. */
  enter(name: string): Entry;
  /** How many circuits are open or half-open. */
  openCount(): number;
}

function isTripped(circuit: Circuit | undefined): boolean {
  return circuit !== undefined && circuit.failures >= failuresToOpen;
}

/**
 * Opens a circuit after five failures in a row, for half a minute; then lets one call through to find out, and closes
 * it when that succeeds.
 */
export function createBreaker(clock: Clock): Breaker {
  const circuits = new Map<string, Circuit>();
  let openCount = 0;

  function forget(name: string): void {
    if (isTripped(circuits.get(name))) openCount -= 1;
    circuits.delete(name);
  }

  function make(name: string): Circuit {
    const [oldest] = circuits.keys();
    if (oldest !== undefined && circuits.size >= maxCircuits) forget(oldest);
    const circuit = { failures: 0, openUntilMs: 0, why: '', probing: false };
    circuits.set(name, circuit);
    return circuit;
  }

  function fail(name: string, why: string): void {
    const circuit = circuits.get(name) ?? make(name);
    circuit.failures += 1;
    circuit.why = why;
    if (circuit.failures === failuresToOpen) openCount += 1;
    if (isTripped(circuit)) circuit.openUntilMs = clock.now() + coolDownMs;
  }

  function settle(name: string, verdict: Verdict, why = ''): void {
    if (verdict === 'down') fail(name, why);
    if (verdict === 'up') forget(name);
  }

  return {
    openCount: () => openCount,
    enter(name) {
      const circuit = circuits.get(name);
      if (circuit === undefined || !isTripped(circuit)) {
        return { open: false, leave: (verdict, why) => settle(name, verdict, why) };
      }
      const leftMs = circuit.openUntilMs - clock.now();
      const { why } = circuit;
      if (leftMs > 0) return { open: true, retryAfterMs: leftMs, why };
      // How long the probe takes nobody knows; a second from now is soon enough to ask again.
      if (circuit.probing) return { open: true, retryAfterMs: secondMs, why };
      circuit.probing = true;
      return {
        open: false,
        leave(verdict, said) {
          circuit.probing = false;
          settle(name, verdict, said);
        },
      };
    },
  };
}
