import { type Environment, environmentPrefixes } from '@latchkey/keys';
import { dayMs } from '../../platform/clock.ts';
import { revokedAtOf } from '../keys/index.ts';

/** How many keys of one bucket may be valid: those of a workspace, or the tenant-wide ones of an environment. */
export const maxActiveKeys = 5;

/** How long a key and the one that replaces it are both valid. */
export const overlapMs = dayMs;

const ends = /^([0-9a-f]{4})\.\.\.([0-9a-f]{4})$/;

/** How commands name a key, `ck_dev_a3f9_8c2d`: the prefix and both ends of the fingerprint. */
export function handleOf(environment: Environment, fingerprint: string): string {
  return environmentPrefixes[environment] + fingerprint.replace(ends, '$1_$2');
}

export type EnvironmentKeyState = 'active' | 'rotating' | 'disabled' | 'revoked';

/** A key that is being rotated is valid until its end has come; that is decided here, each time it is asked. */
export function stateOf(
  key: {
    readonly revoked_at: number | null;
    readonly ends_at: number | null;
    readonly disabled_at: number | null;
  },
  now: number,
): EnvironmentKeyState {
  if (revokedAtOf(key, now) !== undefined) return 'revoked';
  if (key.disabled_at !== null) return 'disabled';
  return key.ends_at === null ? 'active' : 'rotating';
}
