import { useAsked } from '../../api.ts';

/** A week. */
export const usualHours = 168;

/** What was used is written down every few seconds. */
export const lookEveryMs = 5_000;

/** A key, and what became of its uses, kept up to date while it is shown. */
export function useActivity(organizationId: string, keyId: string) {
  return useAsked('keys.activity', { organizationId, keyId, hours: usualHours }, { every: lookEveryMs });
}
