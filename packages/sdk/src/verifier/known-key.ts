import type { Output } from '@latchkey/protocol';
import type { Marked } from '@latchkey/protocol/bounded-map';
import { judge, type KeyFacts, type Question } from '@latchkey/protocol/verdict';
import { countedVerdict, type Verdict, verdictOn, verdictOnNothing } from './verdict.ts';

type Answered = Output<'keys.verify'>;
type Kept = NonNullable<Answered['kept']>;

/** What is to be verified beside the key itself. */
export interface Asked extends Question {
  /** Where the key is used from; a key that is bound to addresses is refused without it. */
  readonly ip?: string | undefined;
  /** What an accepted use counts against limits and budget; 1 unless told. */
  readonly cost?: number | undefined;
}

const maxAddresses = 256;
/** A string that is no key now can be one later, when keys are brought in from elsewhere. */
const absentForMs = 60_000;

/** What is remembered of one presented string. Instants are Unix milliseconds of the server. */
export interface KnownKey extends Marked {
  /** None: it is no key of the organization, or no key at all. */
  readonly facts: KeyFacts | null;
  /** Which of the two, where there are no facts. */
  readonly nothing: 'MALFORMED' | 'NOT_FOUND';
  readonly untilMs: number;
  /** The verdict on a good use that is not counted, once there was one. */
  valid: Verdict | undefined;
  /** Whether an address may use it, as far as the server was asked. */
  addresses: Map<string, boolean> | undefined;
  /** What may still be accepted here without asking, and until when. */
  units: number;
  readonly unitsUntilMs: number;
  /** What the server said of limits and budget, when, and what was spent here since. */
  readonly counted: Pick<Answered, 'rateLimit' | 'budget'>;
  readonly countedAtMs: number;
  spent: number;
}

/** What an answer lets one remember: units of the same window add up, and known addresses stay known. */
export function knownKey(
  answer: Answered,
  kept: Kept,
  nowMs: number,
  before: KnownKey | undefined,
): KnownKey {
  const { facts } = kept;
  const unitsUntilMs = kept.unitsUntil ?? Number.POSITIVE_INFINITY;
  const unitsLeft = before?.unitsUntilMs === unitsUntilMs ? before.units : 0;
  return {
    facts,
    nothing: answer.code === 'MALFORMED' ? 'MALFORMED' : 'NOT_FOUND',
    isUsed: false,
    untilMs: facts === null ? nowMs + absentForMs : Number.POSITIVE_INFINITY,
    valid: undefined,
    addresses: before?.addresses,
    units: kept.units + unitsLeft,
    unitsUntilMs,
    counted: { rateLimit: answer.rateLimit, budget: answer.budget },
    countedAtMs: nowMs,
    spent: 0,
  };
}

/** Remembers what the server said of an address, where it came as far as looking at it. */
export function learnAddress(known: KnownKey, ip: string | undefined, { code }: Answered): void {
  const isRefused = code === 'IP_NOT_ALLOWED';
  const isLookedAt = isRefused || code === 'VALID' || code === 'RATE_LIMITED' || code === 'USAGE_EXCEEDED';
  if (ip === undefined || known.facts?.isBoundToAddresses !== true || !isLookedAt) return;
  known.addresses ??= new Map();
  if (known.addresses.size >= maxAddresses) known.addresses.clear();
  known.addresses.set(ip, !isRefused);
}

function spendHere(known: KnownKey, facts: KeyFacts, cost: number, nowMs: number): Verdict | undefined {
  const isCovered = facts.counting === 'fast' && cost > 0 && known.units >= cost;
  if (!isCovered || nowMs >= known.unitsUntilMs) return undefined;
  known.units -= cost;
  known.spent += cost;
  return countedVerdict(verdictOn(facts, 'VALID'), known.counted, known.spent, nowMs - known.countedAtMs);
}

/**
 * The verdict as far as it can be given without asking; undefined where the server has to be asked. The time of the
 * server lies between the two instants: where they disagree it is asked too. Only for a verifier with a live lease.
 */
export function decide(
  known: KnownKey,
  asked: Asked,
  earliestMs: number,
  latestMs: number,
): Verdict | undefined {
  const { facts } = known;
  if (facts === null) return latestMs < known.untilMs ? verdictOnNothing(known.nothing) : undefined;
  const code = judge(facts, asked, latestMs);
  if (code === 'EXPIRED' || code === 'REVOKED') {
    return judge(facts, asked, earliestMs) === code ? verdictOn(facts, code) : undefined;
  }
  if (code !== 'VALID') return verdictOn(facts, code);
  if (facts.isBoundToAddresses) {
    const isAllowed = asked.ip === undefined ? false : known.addresses?.get(asked.ip);
    if (isAllowed === undefined) return undefined;
    if (!isAllowed) return verdictOn(facts, 'IP_NOT_ALLOWED');
  }
  if (facts.counting !== null) return spendHere(known, facts, asked.cost ?? 1, latestMs);
  known.valid ??= verdictOn(facts, 'VALID');
  return known.valid;
}
