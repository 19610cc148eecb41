/**
 * How many levels JSON of others may have: payloads, results, answers. What writes it down again calls itself for each
 * level, and nobody else must choose how often.
 */
export const maxForeignLevels = 100;

/** Whether a parsed value has more levels than these. */
export function isDeeper(value: unknown, levels = maxForeignLevels): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
