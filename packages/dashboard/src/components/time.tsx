import { Text } from '@mantine/core';

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
let relative: Intl.RelativeTimeFormat | undefined;
let exact: Intl.DateTimeFormat | undefined;

/** How long ago, or how long until, in the largest unit that is full. */
export function relativeTime(at: string, now = Date.now()): string {
  const passedMs = Date.parse(at) - now;
  // Not made before the first instant is shown: that takes longer than to show the frame of a page.
  relative ??= new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, ms] of units) {
    if (Math.abs(passedMs) >= ms) return relative.format(Math.trunc(passedMs / ms), unit);
  }
  return 'just now';
}

/** An instant as people say it, and exactly on request; `none` stands where there is none. */
export function Time({ at, none = '–' }: { at: string | null; none?: string }) {
  if (at === null)
    return (
      <Text span c="dimmed" size="sm">
        {none}
      </Text>
    );
  exact ??= new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <time dateTime={at} title={exact.format(new Date(at))}>
      {relativeTime(at)}
    </time>
  );
}
