import type { Output } from '@latchkey/protocol';
import { statusOfVerdict, type VerdictCode } from '@latchkey/protocol/verdict';

/** How often keys were used within an hour, by outcome. */
export type HourOfUse = Output<'organizations.activity'>['hours'][number];

/** What came of uses, as they are shown together: accepted, and why not; by the status of the verdict on the key, where that is why. */
export const outcomes = [
  { name: 'accepted', label: 'Accepted', status: 200 },
  { name: 'ended', label: 'Refused: key not in force', status: 401 },
  { name: 'forbidden', label: 'Refused: not allowed that', status: 403 },
  { name: 'limited', label: 'Refused: over a limit', status: 429 },
  { name: 'request', label: 'Key accepted, request refused', status: undefined },
] as const;
export type OutcomeName = (typeof outcomes)[number]['name'];

/** How often each of them came. */
export type Counts = Record<OutcomeName, number>;

/** Uses that began within some time. */
export interface Bucket extends Counts {
  /** When it begins, as people say it. */
  readonly label: string;
}

const hourMs = 3_600_000;
const hourLabel = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const dayLabel = { day: 'numeric', month: 'short' } as const;

/** Adds what came within an hour. */
function addTo(counts: Counts, hour: HourOfUse): void {
  for (const [code, uses] of Object.entries(hour.outcomes)) {
    const status = code === 'REQUEST_REFUSED' ? undefined : statusOfVerdict(code as VerdictCode);
    const outcome = outcomes.find((each) => each.status === status);
    if (outcome !== undefined) counts[outcome.name] += uses;
  }
}

function none(): Counts {
  return { accepted: 0, ended: 0, forbidden: 0, limited: 0, request: 0 };
}

/** All of them together. */
export function totalOf(all: readonly Counts[]): Counts {
  const total = none();
  for (const each of all) for (const { name } of outcomes) total[name] += each[name];
  return total;
}

/** When the last so many hours began, in Unix milliseconds; the last one is that of now. */
function lastHours(count: number, now: number): number[] {
  const current = Math.floor(now / hourMs) * hourMs;
  return Array.from({ length: count }, (_, at) => current - (count - 1 - at) * hourMs);
}

/** When the last so many days of the person began. */
function lastDays(count: number, now: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(now);
    day.setHours(0, 0, 0, 0);
    return day.setDate(day.getDate() - (count - 1 - at));
  });
}

/** The last so many hours, hour by hour up to a day and day by day beyond; oldest first, also those without a use. */
export function bucketsOf(hours: readonly HourOfUse[], lastCount: number, now = Date.now()): Bucket[] {
  const isByHour = lastCount <= 24;
  const starts = isByHour ? lastHours(lastCount, now) : lastDays(lastCount / 24, now);
  const format = new Intl.DateTimeFormat('en', isByHour ? hourLabel : dayLabel);
  const buckets = starts.map((startsAt) => ({ ...none(), startsAt, label: format.format(startsAt) }));
  for (const hour of hours) {
    const at = Date.parse(hour.hour);
    const bucket = buckets.findLast(({ startsAt }) => startsAt <= at);
    if (bucket !== undefined) addTo(bucket, hour);
  }
  return buckets.map(({ startsAt: _, ...bucket }) => bucket);
}
