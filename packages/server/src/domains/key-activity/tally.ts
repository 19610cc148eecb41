import { type UseOutcome, useOutcomes, type VerdictCode } from '@latchkey/protocol';
import { hourMs } from '../../platform/clock.ts';

/** So many refusals are kept of a key. */
export const maxRefusals = 20;

/** A use of a key that was refused. */
export interface Refusal {
  readonly at: number;
  readonly code: VerdictCode;
  /** Where the key was used, as far as that is known. */
  readonly address: string | null;
  readonly client: string | null;
  /** What the key lacks, or has used up; none where the code says it all. */
  readonly missing: string | null;
}

/** What came of the uses of a key within an hour, as far as it is not written down yet. */
export interface Tally {
  readonly keyId: string;
  readonly organizationId: string | null;
  /** The hour, Unix milliseconds. */
  readonly startsAt: number;
  /** Up to when uses are counted here; moved back when it is handed over to be written. */
  endsAt: number;
  readonly counts: Record<UseOutcome, number>;
  /** The last ones, oldest first. */
  refusals: Refusal[];
}

/** A key with what is counted of it; kept beside what is known of the key, so that counting looks for nothing. */
export interface CountedKey {
  readonly keyId: string;
  /** Where the use counts; none for a personal key that acts for no organization in particular. */
  readonly organizationId: string | null;
  /** Whoever counts puts it here. */
  tally: Tally | undefined;
}

/** A key of which nothing has been counted. */
export function countedKey(keyId: string, organizationId: string | null): CountedKey {
  return { keyId, organizationId, tally: undefined };
}

const noCounts = Object.fromEntries(useOutcomes.map((each) => [each, 0])) as Record<UseOutcome, number>;

/** An empty tally of the hour that an instant is in. */
export function openTally(keyId: string, organizationId: string | null, now: number): Tally {
  const startsAt = Math.floor(now / hourMs) * hourMs;
  return {
    keyId,
    organizationId,
    startsAt,
    endsAt: startsAt + hourMs,
    counts: { ...noCounts },
    refusals: [],
  };
}

/** Says whether an instant is within what a tally counts. */
export function isOpenAt({ startsAt, endsAt }: Tally, now: number): boolean {
  return startsAt <= now && now < endsAt;
}

/** Names a tally among those of all keys, organizations and hours. */
export function nameOf({ keyId, organizationId, startsAt }: Omit<Tally, 'endsAt'>): string {
  return `${keyId} ${organizationId ?? ''} ${startsAt}`;
}

/** Keeps a refusal, and of many the last. */
export function keepRefusal(tally: Tally, refusal: Refusal): void {
  tally.refusals.push(refusal);
  if (tally.refusals.length > maxRefusals) tally.refusals.shift();
}

/** Puts what an older tally of the same has counted to a newer one. */
export function absorb(tally: Tally, older: Tally): void {
  for (const each of useOutcomes) tally.counts[each] += older.counts[each];
  tally.refusals = [...older.refusals, ...tally.refusals].slice(-maxRefusals);
}
