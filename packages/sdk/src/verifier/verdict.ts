import type { Output } from '@latchkey/protocol';
import { type KeyFacts, messageOfVerdict, type VerdictCode } from '@latchkey/protocol/verdict';

type Answered = Output<'keys.verify'>;

/** What a verification says. */
export type Verdict = Omit<Answered, 'kept'> & {
  /** Whether it was decided here, by what is known under the lease, or asked. */
  readonly source: 'memory' | 'server';
};

const nobody = {
  keyId: null,
  keyName: null,
  organization: null,
  principal: null,
  scopes: [],
  environment: null,
  workspace: null,
  expiresAt: null,
  rateLimit: null,
  budget: null,
};

/** Verdicts that are answered more than once are not to be changed by whoever got them. */
function frozen(verdict: Verdict): Verdict {
  for (const part of [verdict.organization, verdict.principal, verdict.scopes]) Object.freeze(part);
  return Object.freeze(verdict);
}

/** A verdict on a string that is no key here. */
export function verdictOnNothing(code: 'MALFORMED' | 'NOT_FOUND'): Verdict {
  return frozen({ ...nobody, valid: false, code, message: messageOfVerdict(code), source: 'memory' });
}

/** A verdict on a key that is known; without what is counted. */
export function verdictOn(facts: KeyFacts, code: VerdictCode): Verdict {
  return frozen({
    valid: code === 'VALID',
    code,
    message: messageOfVerdict(code),
    keyId: facts.keyId,
    keyName: facts.name,
    organization: { id: facts.organizationId, name: facts.organizationName },
    principal: {
      type: facts.family,
      userId: facts.userId,
      processInstanceId: facts.processInstanceId,
    },
    scopes: [...facts.scopes],
    environment: facts.environment,
    workspace: facts.workspace,
    expiresAt: facts.expiresAt === null ? null : new Date(facts.expiresAt).toISOString(),
    rateLimit: null,
    budget: null,
    source: 'memory',
  });
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
