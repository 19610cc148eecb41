import { redactKeys } from '@latchkey/keys';
import type { Finding } from './search-pieces.ts';
import type { Place } from './search-places.ts';
import type { Omission } from './walk.ts';

/** One key in one place. */
export interface PlacedFinding extends Finding {
  readonly path: string;
}

/** Something that was left out. */
export interface Omitted {
  readonly path: string;
  readonly reason: Omission;
  /** Why it could not be read. */
  readonly problem: string | null;
}

/** What a scan has come to. It grows with what was found, not with what was searched. */
export interface Tally {
  readonly findings: PlacedFinding[];
  /** Every key once, however often it was found, with its first place. */
  readonly keys: Map<string, PlacedFinding>;
  readonly omitted: Omitted[];
  files: number;
  sizeBytes: number;
}

/** Nothing searched so far. */
export function emptyTally(): Tally {
  return { findings: [], keys: new Map(), omitted: [], files: 0, sizeBytes: 0 };
}

/** Adds one place and answers what was found there. A path is kept without the keys that it may hold itself. */
export function addPlace(tally: Tally, place: Place): PlacedFinding[] {
  const path = redactKeys(place.path);
  if ('omitted' in place) {
    tally.omitted.push({ path, reason: place.omitted, problem: place.problem ?? null });
    return [];
  }
  tally.files++;
  tally.sizeBytes += place.sizeBytes;
  const findings = place.found.map(([secret, finding]) => {
    const placed = { path, ...finding };
    if (!tally.keys.has(secret)) tally.keys.set(secret, placed);
    return placed;
  });
  for (const finding of findings) tally.findings.push(finding);
  return findings;
}

/** Whether all was read and no key is in it. */
export function isClean({ findings, omitted }: Tally): boolean {
  return findings.length === 0 && omitted.every(({ reason }) => reason !== 'unreadable');
}
