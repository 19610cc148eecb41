const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/**
 * When something was or will be, as people say it: up to two days in minutes or hours, up to a week in days, each to the
 * nearest, and beyond that the date.
 */
export function whenText(at: string, now = Date.now()): string {
  const passedMs = Date.parse(at) - now;
  const minutes = Math.round(passedMs / minuteMs);
  const hours = Math.round(passedMs / hourMs);
  const days = Math.round(passedMs / dayMs);
  if (Math.abs(days) > 7) return date.format(Date.parse(at));
  if (minutes === 0) return 'just now';
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  return Math.abs(hours) < 48 ? relative.format(hours, 'hour') : relative.format(days, 'day');
}
