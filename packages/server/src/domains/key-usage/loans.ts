import type { Clock } from '../../platform/clock.ts';

/** How long a verifier may spend what it was given. */
const loanMs = 5_000;

/** What units are lent from. */
export interface Lender {
  /** When the first of its windows ends, Unix milliseconds. */
  readonly endsAt: number;
  units: number;
}

interface Loan {
  readonly units: number;
  readonly until: number;
  readonly untilElapsedMs: number;
}

/** What verifiers were given of one key within one window. */
interface Given {
  readonly endsAt: number;
  /** Units of which nobody knows whether they were used, or of which it is known that they were not. */
  onTrust: number;
  readonly byVerifier: Map<string, Loan>;
}

/** Units that verifiers outside spend by themselves. */
export interface Loans {
  /**
   * Lends a verifier some of what is held: one at first, and twice as many each time that it comes back before its time
   * is over, which shows that it has used them. `most` bounds what is lent within a window without being shown to be
   * used, and so what idle verifiers can waste of a limit.
   */
  lend(
    keyId: string,
    verifier: string,
    lender: Lender,
    most: number,
    clock: Clock,
  ): { readonly units: number; readonly unitsUntil: number | null };
  /** Forgets what no decision depends on any more. */
  forgetEnded(clock: Clock): void;
}

export function createLoans(): Loans {
  const all = new Map<string, Given>();

  /** Those of a window that has ended have been wasted or used with it. */
  function givenOf(keyId: string, endsAt: number): Given {
    const before = all.get(keyId);
    if (before?.endsAt === endsAt) return before;
    const given = { endsAt, onTrust: 0, byVerifier: new Map() };
    all.set(keyId, given);
    return given;
  }

  return {
    lend(keyId, verifier, lender, most, clock) {
      const [now, elapsedMs] = [clock.now(), clock.elapsedMs()];
      const given = givenOf(keyId, lender.endsAt);
      const before = given.byVerifier.get(verifier);
      const isUsed = before !== undefined && elapsedMs < before.untilElapsedMs;
      if (isUsed) given.onTrust -= before.units;
      const wanted = isUsed ? Math.max(2 * before.units, 1) : 1;
      const units = Math.max(Math.min(wanted, most - given.onTrust, lender.units), 0);
      const until = Math.min(lender.endsAt, now + loanMs);
      given.onTrust += units;
      lender.units -= units;
      given.byVerifier.set(verifier, { units, until, untilElapsedMs: elapsedMs + until - now });
      return { units, unitsUntil: units === 0 ? null : until };
    },
    forgetEnded(clock) {
      const [now, elapsedMs] = [clock.now(), clock.elapsedMs()];
      for (const [keyId, { endsAt, byVerifier, onTrust }] of all) {
        for (const [verifier, { untilElapsedMs }] of byVerifier) {
          if (untilElapsedMs <= elapsedMs) byVerifier.delete(verifier);
        }
        if (endsAt <= now || (onTrust === 0 && byVerifier.size === 0)) all.delete(keyId);
      }
    },
  };
}
