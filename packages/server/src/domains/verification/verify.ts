import { judge, type Question, type VerdictCode } from '@latchkey/protocol';
import type { UseVerdict } from '../key-usage/index.ts';
import { type Found, isAllowedFrom, type KeyView, type Known, noteUse } from '../keys/index.ts';
import type { VerificationDeps } from './deps.ts';
import { refusalOf } from './refusal.ts';

/** A question about a presented text; its form has been checked. */
export interface Asked extends Question {
  readonly key: string;
  /** Where it is used from. */
  readonly ip?: string | undefined;
  /** The program that uses it, as far as whoever asks has seen it. */
  readonly client?: string | undefined;
  readonly cost: number;
  /** A verifier that holds a lease, and may keep what it is told. */
  readonly verifier?: string | undefined;
}

/** A verdict, and what it rests on. */
export interface Verdict {
  readonly code: VerdictCode;
  /** None where the text is no key of the organization. */
  readonly view: KeyView | undefined;
  /** None where nothing was counted. */
  readonly use: UseVerdict | undefined;
  /** The number of the last change that this knows of. */
  readonly asOf: number;
}

/** Without an address, a key that is bound to some is refused. */
function isAllowed({ allowedAddresses }: KeyView, asked: Asked): boolean {
  // Most keys are bound to none, and where a caller is can take a while to find out.
  if (allowedAddresses === null) return true;
  const { ip } = asked;
  return ip !== undefined && isAllowedFrom(allowedAddresses, ip);
}

/** All but counting. */
function codeOf(view: KeyView, asked: Asked, now: number): VerdictCode {
  const code = judge(view.facts, asked, now);
  return code === 'VALID' && !isAllowed(view, asked) ? 'IP_NOT_ALLOWED' : code;
}

function note(deps: VerificationDeps, view: KeyView, asked: Asked, verdict: Verdict, now: number): void {
  const { counted } = view;
  if (verdict.code === 'VALID') noteUse(deps, { keyId: view.facts.keyId, counted }, now);
  else deps.keyActivity.refuse(view.counted, refusalOf(view, asked, verdict, now));
}

function judgeView(
  deps: VerificationDeps,
  view: KeyView,
  asked: Asked,
  asOf: number,
): Verdict | Promise<Verdict> {
  const now = deps.clock.now();
  const { keyId, counting } = view.facts;
  const code = codeOf(view, asked, now);
  if (code !== 'VALID' || counting === null) {
    const verdict = { code, view, use: undefined, asOf };
    note(deps, view, asked, verdict, now);
    return verdict;
  }
  function counted(use: UseVerdict): Verdict {
    const verdict = { code: use.code, view, use, asOf };
    note(deps, view, asked, verdict, now);
    return verdict;
  }
  const { limits, budget } = view;
  const use = deps.keyUsage.count({ keyId, limits, budget, cost: asked.cost, verifier: asked.verifier });
  return use instanceof Promise ? use.then(counted) : counted(use);
}

function judgeFound(
  deps: VerificationDeps,
  organizationId: string,
  asked: Asked,
  found: Found,
): Verdict | Promise<Verdict> {
  const asOf = deps.knownKeys.asOf(found);
  const views = found.kind === 'key' ? found.views : [];
  const view = views.find(({ facts }) => facts.organizationId === organizationId);
  if (view === undefined) return { code: 'NOT_FOUND', view, use: undefined, asOf };
  return judgeView(deps, view, asked, asOf);
}

async function judgeToken(deps: VerificationDeps, organizationId: string, asked: Asked): Promise<Verdict> {
  const found = await deps.keyTokens.factsOf(asked.key);
  if (found !== undefined) return judgeFound(deps, organizationId, asked, found);
  return { code: 'MALFORMED', view: undefined, use: undefined, asOf: deps.revocations.applied() };
}

function judgeKnown(
  deps: VerificationDeps,
  organizationId: string,
  asked: Asked,
  known: Known,
): Verdict | Promise<Verdict> {
  if (known.kind === 'malformed') return judgeToken(deps, organizationId, asked);
  return judgeFound(deps, organizationId, asked, known);
}

/**
 * Whether a text is a key of the organization that is good for what is asked; at once where everything is known. What
 * the key may be used for is all that is asked, so nothing of it is refused before. A use that is not valid counts
 * against no limit; of a key that there is, the activity shows it. Rejects where a use cannot be counted.
 */
export function verify(
  deps: VerificationDeps,
  organizationId: string,
  asked: Asked,
): Verdict | Promise<Verdict> {
  const known = deps.knownKeys.find(asked.key, organizationId);
  return known instanceof Promise
    ? known.then((each) => judgeKnown(deps, organizationId, asked, each))
    : judgeKnown(deps, organizationId, asked, known);
}
