import type { ParsedKey } from '@latchkey/keys';
import { type KeyFacts, type KeyLimit, type Marked, type Scope, scopesOfRole } from '@latchkey/protocol';
import { decodeRestrictions, decodeScopes, type Restrictions } from '../../storage/index.ts';
import { type CountedKey, countedKey } from '../key-activity/index.ts';
import type { AuthenticatedKey } from './authenticate.ts';
import type { FoundRow, VerifiedRow } from './known-keys.sql.ts';

/** A key as one organization in which it counts sees it. */
export interface KeyView extends Restrictions {
  readonly facts: KeyFacts;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** What is counted of it here. */
  readonly counted: CountedKey;
  /** What whoever answers about the key has written of it, to be sent again. */
  written: string | undefined;
}

/** A key that was issued here, with all that a request by it or a question about it needs; whether it is good now is not said. */
export interface KnownKey extends AuthenticatedKey, Marked {
  /** One for each organization of a personal key's user, none of an admin key, else one. */
  readonly views: readonly KeyView[];
}

/** What looking for a whole key came to. An absent one was issued by nobody, or not where the asking organization sees it. */
export type Found = KnownKey | { readonly kind: 'absent'; readonly asOf: number };

/** What is known of a text that was presented as a key; nobody has looked for a malformed one. */
export type Known =
  | Found
  | { readonly kind: 'malformed'; readonly parsed: Extract<ParsedKey, { ok: false }> };

function countingOf({ limits, budget }: Restrictions): KeyFacts['counting'] {
  const counted: readonly Pick<KeyLimit, 'counting'>[] = [
    ...(limits ?? []),
    ...(budget === null ? [] : [budget]),
  ];
  if (counted.length === 0) return null;
  return counted.some(({ counting }) => counting === 'exact') ? 'exact' : 'fast';
}

/** A personal key may what its user may in the organization, and no more than it was given. */
function scopesIn({ role }: FoundRow, scopes: readonly Scope[]): readonly Scope[] {
  if (role === null) return scopes;
  const held = scopesOfRole(role);
  return scopes.filter((scope) => held.includes(scope));
}

function viewOf(
  row: VerifiedRow,
  found: FoundRow,
  scopes: readonly Scope[],
  restrictions: Restrictions,
  counted: CountedKey | undefined,
): KeyView | undefined {
  const organizationId = row.organization_id ?? found.member_of;
  if (organizationId === null) return undefined;
  return {
    facts: {
      keyId: row.id,
      name: row.name,
      family: row.family,
      organizationId,
      organizationName: found.organization_name ?? '',
      userId: row.user_id,
      processInstanceId: row.instance_id,
      scopes: scopesIn(found, scopes),
      environment: row.environment ?? found.instance_environment,
      workspace: found.workspace,
      resources: restrictions.resources,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at ?? row.ends_at,
      disabledAt: row.disabled_at,
      isBoundToAddresses: restrictions.allowedAddresses !== null,
      counting: countingOf(restrictions),
    },
    createdAt: row.created_at,
    counted: counted?.organizationId === organizationId ? counted : countedKey(row.id, organizationId),
    ...restrictions,
    written: undefined,
  };
}

/** What was found, decoded once for all of its uses. */
export function foundIn(rows: readonly FoundRow[]): Found {
  const [first] = rows;
  if (first === undefined) throw new Error('the counter of revocations has no row');
  if (first.id === null) return { kind: 'absent', asOf: first.seq };
  // Where there is an id, the key was found.
  const row = first as VerifiedRow;
  const scopes = decodeScopes(row.scopes);
  const restrictions = decodeRestrictions(row);
  const counted = row.family === 'admin' ? undefined : countedKey(row.id, row.organization_id);
  return {
    kind: 'key',
    isUsed: false,
    asOf: first.seq,
    principal: {
      keyId: row.id,
      sessionId: null,
      family: row.family,
      scopes,
      organizationId: row.organization_id,
      userId: row.user_id,
    },
    row,
    counted,
    asking: countedKey(row.id, null),
    organizationName: row.organization_id === null ? null : first.organization_name,
    views: rows.flatMap((each) => viewOf(row, each, scopes, restrictions, counted) ?? []),
  };
}
