import { messageOfVerdict, type Output, type VerdictCode, verdictCodes } from '@latchkey/protocol';
import { isoOrNull } from '../../platform/clock.ts';
import type { KeyView } from '../keys/index.ts';
import type { Verdict } from './verify.ts';

type Shown = Output<'keys.verify'>;
type Words = Pick<Shown, 'valid' | 'code' | 'message'>;
type Uses = Pick<Shown, 'rateLimit' | 'budget' | 'kept'>;
type Identity = Omit<Shown, keyof Words | keyof Uses>;

/** When a key ends by itself, be it by its expiry or by its rotation; Unix milliseconds. */
export function endOf({ facts: { expiresAt, revokedAt } }: KeyView): number | null {
  const ends = [expiresAt, revokedAt].filter((each) => each !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

const nobody: Identity = {
  keyId: null,
  keyName: null,
  organization: null,
  principal: null,
  scopes: [],
  environment: null,
  workspace: null,
  expiresAt: null,
};

function identityOf(view: KeyView): Identity {
  const { facts } = view;
  return {
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
    expiresAt: isoOrNull(endOf(view)),
  };
}

function wordsOf(code: VerdictCode): Words {
  return { valid: code === 'VALID', code, message: messageOfVerdict(code) };
}

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
  const identity = view === undefined ? nobody : identityOf(view);
  return { ...wordsOf(code), ...identity, ...usesOf(verdict, isKept) };
}

/** The members of an object as they stand in its JSON. */
function membersOf(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}

const wordsText = Object.fromEntries(verdictCodes.map((code) => [code, membersOf(wordsOf(code))]));
const nobodyText = membersOf(nobody);
const uncountedText = membersOf({ rateLimit: null, budget: null });

/** The same as JSON text. What it says of the key is written once, and kept with it. */
export function verdictText(verdict: Verdict, isKept: boolean): string {
  const { code, view, use } = verdict;
  let identity = nobodyText;
  if (view !== undefined) {
    view.written ??= membersOf(identityOf(view));
    identity = view.written;
  }
  const uses = use === undefined && !isKept ? uncountedText : membersOf(usesOf(verdict, isKept));
  return `{${wordsText[code]},${identity},${uses}}`;
}
