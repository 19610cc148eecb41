const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A share of 0 to 1 as people read it; a few failures among many never round up to all. */
export function shareText(share: number): string {
  return percent.format(share < 1 ? Math.min(share, 0.999) : share);
}

/** How long something took. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${whole.format(ms)} ms`;
  return ms < 60_000 ? `${tenths.format(ms / 1_000)} s` : `${tenths.format(ms / 60_000)} min`;
}
