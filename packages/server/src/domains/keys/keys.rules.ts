import type { KeyFamily } from '@latchkey/keys';
import { allScopes, isScope, LatchkeyError, organizationScopes, type Scope } from '@latchkey/protocol';
import { dayMs } from '../../platform/clock.ts';
import type { KeyRow } from './keys.sql.ts';

const maxExpiryDays = 365;

/** How many keys of a family may be active in one organization, or for one user; no entry = no limit. */
export const activeLimits: Partial<Record<KeyFamily, number>> = { organization: 20, personal: 20 };

/** The scopes that keys of a family can hold at all. */
export function scopesOfFamily(family: KeyFamily): readonly Scope[] {
  return family === 'personal' || family === 'admin' ? allScopes : organizationScopes;
}

/** Scope names are echoed only where they look like one: anything else could be a secret pasted in the wrong place. */
function echo(name: string): string {
  return /^[a-z-]{1,30}(:[a-z-]{1,30})?$/.test(name) ? name : '(not shown)';
}

/**
 * Turns the caller's words into scopes, in the caller's order without repetition. Throws `INVALID_SCOPE`, which
 * names the unknown ones and lists the valid ones, if any is unknown to the family.
 */
export function parseScopes(names: readonly string[], family: KeyFamily): Scope[] {
  const valid = scopesOfFamily(family);
  const unknown = names.filter((name) => !(isScope(name) && valid.includes(name)));
  if (unknown.length > 0) {
    throw new LatchkeyError('INVALID_SCOPE', {
      details: { unknown: [...new Set(unknown.map(echo))], valid },
    });
  }
  return [...new Set(names)] as Scope[];
}

/** Throws `SCOPE_ESCALATION`, which names them, if the caller may not hand out some of the scopes. */
export function refuseEscalation(wanted: readonly Scope[], grantable: ReadonlySet<Scope>): void {
  const beyond = wanted.filter((scope) => !grantable.has(scope));
  if (beyond.length > 0) throw new LatchkeyError('SCOPE_ESCALATION', { details: { scopes: beyond } });
}

/** The instant at which a key of so many days ends; `null` for one that does not. Throws `INVALID_EXPIRES_IN_DAYS`. */
export function expiryFrom(expiresInDays: number | undefined, now: number): number | null {
  if (expiresInDays === undefined) return null;
  const valid = Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= maxExpiryDays;
  if (!valid) throw new LatchkeyError('INVALID_EXPIRES_IN_DAYS');
  return now + expiresInDays * dayMs;
}

export type KeyState = 'active' | 'disabled' | 'expired' | 'revoked';

/** The instant at which a key was revoked, or at which its rotation ended it; none while neither has happened. */
export function revokedAtOf(
  key: { revoked_at: number | null; ends_at: number | null },
  now: number,
): number | undefined {
  if (key.revoked_at !== null) return key.revoked_at;
  return key.ends_at !== null && key.ends_at <= now ? key.ends_at : undefined;
}

/** A revoked key is revoked, whether or not it is disabled or would have expired. */
export function stateOf(
  key: Pick<KeyRow, 'revoked_at' | 'ends_at' | 'expires_at' | 'disabled_at'>,
  now: number,
): KeyState {
  if (revokedAtOf(key, now) !== undefined) return 'revoked';
  if (key.disabled_at !== null) return 'disabled';
  return key.expires_at !== null && key.expires_at <= now ? 'expired' : 'active';
}
