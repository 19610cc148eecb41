import { type Input, managesKeys, type Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import { decodeScopes } from '../../storage/index.ts';
import {
  type KeyDeps,
  type Principal,
  requireMember,
  revokedAtOf,
  shownRestrictions,
  shownUse,
  stateOf,
} from '../keys/index.ts';
import { countInventory, type InventoryRow, listInventory } from './key-inventory.sql.ts';

/** A key as the inventory shows it. */
export type Listed = Output<'keys.inventory'>['keys'][number];

function shownState(row: InventoryRow, now: number): Listed['state'] {
  const state = stateOf(row, now);
  return state === 'active' && row.ends_at !== null ? 'rotating' : state;
}

/** Shows a key that was found there. */
export function shownKey(deps: Pick<KeyDeps, 'lastUsed'>, row: InventoryRow, now: number): Listed {
  const { family } = row;
  if (family === 'admin') throw new Error('admin keys belong to no organization');
  const hasScopes = family === 'organization' || family === 'personal';
  return {
    keyId: row.id,
    family,
    name: row.called,
    description: row.description,
    shown: row.fingerprint ?? row.prefix,
    scopes: hasScopes ? decodeScopes(row.scopes) : null,
    level: row.level,
    environment: row.environment ?? row.instance_environment,
    workspace: row.workspace_slug,
    instance: row.instance_id === null ? null : { id: row.instance_id, title: row.instance_title ?? '' },
    state: shownState(row, now),
    createdAt: toIso(row.created_at),
    createdBy: row.creator_email ?? row.instance_owner_email,
    createdByDeparted: row.user_id !== null && row.creator_role === null,
    endsAt: isoOrNull(row.ends_at ?? row.expires_at),
    revokedAt: isoOrNull(revokedAtOf(row, now)),
    disabledAt: isoOrNull(row.disabled_at),
    lastUsed: shownUse(deps, row),
    ...shownRestrictions(row),
  };
}

/** The keys that can act in an organization, of every family, as far as the member who asks may see them. */
export async function listKeyInventory(
  deps: KeyDeps,
  principal: Principal,
  input: Input<'keys.inventory'>,
): Promise<Output<'keys.inventory'>> {
  const { db } = deps.store;
  const now = deps.clock.now();
  const { role, userId } = await requireMember(deps, db, principal, input.organizationId, now);
  const { organizationId, family, environment, text, endsBefore, unusedSince, ...how } = input;
  const filter = {
    ...{ organizationId, family, environment, text, ...how, now },
    ownOf: managesKeys(role) ? undefined : userId,
    endsBefore: endsBefore === undefined ? undefined : Date.parse(endsBefore),
    unusedSince: unusedSince === undefined ? undefined : Date.parse(unusedSince),
  };
  const [rows, total] = await Promise.all([listInventory(db, filter), countInventory(db, filter)]);
  return { keys: rows.map((row) => shownKey(deps, row, now)), total };
}
