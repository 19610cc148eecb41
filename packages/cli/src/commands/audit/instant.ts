import { UsageError } from '../../command.ts';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * An instant as a person writes it: `30m`, `12h` or `7d` ago, a day, or a day with a time.
 *
 * @throws {UsageError} for anything else.
 */
export function instantOf(flag: string, text: string | undefined, now: Date): string | undefined {
  if (text === undefined) return undefined;
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  const unit = ago?.[2] as keyof typeof unitMs | undefined;
  const at = unit === undefined ? Date.parse(text) : now.getTime() - Number(ago?.[1]) * unitMs[unit];
  const isWritten = unit !== undefined || /^\d{4}-\d\d-\d\d/.test(text);
  if (!isWritten || Number.isNaN(at)) {
    throw new UsageError(
      `${flag} takes a day (2026-03-30), an instant (2026-03-30T08:00:00Z), or 30m, 12h, 7d.`,
    );
  }
  return new Date(at).toISOString();
}
