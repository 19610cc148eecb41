const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** How long something took. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${whole.format(ms)} ms`;
  return ms < 60_000 ? `${tenths.format(ms / 1_000)} s` : `${tenths.format(ms / 60_000)} min`;
}
