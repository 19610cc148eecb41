const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** ISO 8601; nothing for what is no instant: texts may come from an address that somebody has changed. */
function isoOf(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** When a day of the person, as `2026-03-31`, begins, or the one so many days after it. */
export function startOfDay(day: string, addedDays = 0): string | undefined {
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + addedDays);
  return isoOf(date);
}

/**
 * The instant so many days from now, or ago. The same within each hour, so that a question which is asked again while it
 * is shown stays the same question.
 */
export function daysFromNow(days: number, now = Date.now()): string | undefined {
  return isoOf(new Date(Math.floor(now / hourMs) * hourMs + days * dayMs));
}
