import { identityOf, nobody, type Output, verdictCodes, wordsOfVerdict } from '@latchkey/protocol';
import type { Verdict } from './verify.ts';

type Shown = Output<'keys.verify'>;
type Uses = Pick<Shown, 'rateLimit' | 'budget' | 'kept'>;

/** `isKept`: the verdict is for a verifier that keeps it. */
function usesOf({ view, use, asOf }: Verdict, isKept: boolean): Uses {
  const { rateLimit = null, budget = null, units = 0, unitsUntil = null } = use ?? {};
  if (!isKept) return { rateLimit, budget };
  const facts = view === undefined ? null : { ...view.facts };
  return { rateLimit, budget, kept: { asOf, facts: facts as never, units, unitsUntil } };
}

/** A verdict as `keys.verify` answers it. */
export function shownVerdict(verdict: Verdict, isKept: boolean): Shown {
  const { code, view } = verdict;
  const identity = view === undefined ? nobody : identityOf(view.facts);
  return { ...wordsOfVerdict(code), ...identity, ...usesOf(verdict, isKept) };
}

/** The members of an object as they stand in its JSON. */
function membersOf(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}

const wordsText = Object.fromEntries(verdictCodes.map((code) => [code, membersOf(wordsOfVerdict(code))]));
const nobodyText = membersOf(nobody);
const uncountedText = membersOf({ rateLimit: null, budget: null });

/** The same as JSON text. What it says of the key is written once, and kept with it. */
export function verdictText(verdict: Verdict, isKept: boolean): string {
  const { code, view, use } = verdict;
  let identity = nobodyText;
  if (view !== undefined) {
    view.written ??= membersOf(identityOf(view.facts));
    identity = view.written;
  }
  const uses = use === undefined && !isKept ? uncountedText : membersOf(usesOf(verdict, isKept));
  return `{${wordsText[code]},${identity},${uses}}`;
}
