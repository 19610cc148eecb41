const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** A share of 0 to 1 as people read it; a few failures among many never round up to all. */
export function shareText(share: number): string {
  return percent.format(share < 1 ? Math.min(share, 0.999) : share);
}
