import type { Input, Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import { decodeRateLimit, decodeScopes } from '../../storage/index.ts';
import { requireAuthority } from './authority.ts';
import type { KeyDeps } from './deps.ts';
import { stateOf } from './keys.rules.ts';
import { listKeys } from './keys.sql.ts';
import type { Principal } from './principal.ts';
import { shownRestrictions } from './restrictions.ts';

type Listed = Output<'keys.listOfOrganization'>['keys'][number];

/** Another server may have written a newer use than the one that is still to be written here. */
function newest(pending: number | undefined, written: number | null): number | null {
  return pending === undefined || written === null ? (pending ?? written) : Math.max(pending, written);
}

/** The keys of an organization, newest first, without anything of their secrets beyond the prefix. */
export async function listOfOrganization(
  deps: KeyDeps,
  principal: Principal,
  input: Input<'keys.listOfOrganization'>,
): Promise<Output<'keys.listOfOrganization'>> {
  const now = deps.clock.now();
  await requireAuthority(deps, deps.store.db, principal, input.organizationId, now);
  const rows = await listKeys(deps.store.db, {
    organizationId: input.organizationId,
    activeAt: input.state === 'active' ? now : undefined,
    before: input.cursor,
    limit: input.limit + 1,
  });
  const page = rows.slice(0, input.limit);
  const keys = page.map(
    (row): Listed => ({
      keyId: row.id,
      keyPrefix: row.prefix,
      name: row.name,
      description: row.description,
      scopes: decodeScopes(row.scopes),
      state: stateOf(row, now),
      createdAt: toIso(row.created_at),
      createdBy: row.email,
      updatedAt: toIso(row.updated_at),
      expiresAt: isoOrNull(row.expires_at),
      revokedAt: isoOrNull(row.revoked_at),
      lastUsedAt: isoOrNull(newest(deps.lastUsed.pending(row.id), row.last_used_at)),
      disabledAt: isoOrNull(row.disabled_at),
      rateLimit: decodeRateLimit(row.rate_limit),
      ...shownRestrictions(row),
    }),
  );
  return { keys, nextCursor: rows.length > page.length ? (page.at(-1)?.id ?? null) : null };
}
