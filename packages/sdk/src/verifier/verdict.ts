import type { Output } from '@latchkey/protocol';
import {
  identityOf,
  type KeyFacts,
  nobody,
  type VerdictCode,
  wordsOfVerdict,
} from '@latchkey/protocol/verdict';

type Answered = Output<'keys.verify'>;

/** What a verification says. */
export type Verdict = Omit<Answered, 'kept'> & {
  /** Whether it was decided here, by what is known under the lease, or asked. */
  readonly source: 'memory' | 'server';
};

const uncounted = { rateLimit: null, budget: null, source: 'memory' } as const;

/** Verdicts that are answered more than once are not to be changed by whoever got them. */
function frozen(verdict: Verdict): Verdict {
  for (const part of [verdict.organization, verdict.principal, verdict.scopes]) Object.freeze(part);
  return Object.freeze(verdict);
}

/** A verdict on a string that is no key here. */
export function verdictOnNothing(code: 'MALFORMED' | 'NOT_FOUND'): Verdict {
  return frozen({ ...wordsOfVerdict(code), ...nobody, ...uncounted });
}

/** A verdict on a key that is known; without what is counted. */
export function verdictOn(facts: KeyFacts, code: VerdictCode): Verdict {
  return frozen({ ...wordsOfVerdict(code), ...identityOf(facts), ...uncounted });
}

/** A good verdict with what the server last said of limits and budget, less what was spent here since. */
export function countedVerdict(
  verdict: Verdict,
  { rateLimit, budget }: Pick<Answered, 'rateLimit' | 'budget'>,
  spent: number,
  sinceMs: number,
): Verdict {
  const left = (remaining: number) => Math.max(remaining - spent, 0);
  return {
    ...verdict,
    rateLimit: rateLimit && {
      ...rateLimit,
      remaining: left(rateLimit.remaining),
      resetSeconds: Math.max(Math.ceil(rateLimit.resetSeconds - sinceMs / 1000), 0),
    },
    budget: budget && { ...budget, remaining: left(budget.remaining) },
  };
}

/** The server's word, without what only the verifier is to know. */
export function verdictFrom({ kept: _, ...said }: Answered): Verdict {
  return { ...said, source: 'server' };
}
