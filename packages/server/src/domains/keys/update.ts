import { type Input, LatchkeyError, type Output, operations, type Scope } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import {
  decodeRestrictions,
  decodeScopes,
  encodeRateLimit,
  encodeScopes,
  type Restrictions,
  type Writer,
} from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { boundsOf } from './authority.ts';
import { isWithin, refuseWiderBounds } from './bounds.rules.ts';
import { changeKeys, type KeysChanged } from './change-keys.ts';
import type { KeyDeps } from './deps.ts';
import { parseScopes, refuseEscalation, stateOf } from './keys.rules.ts';
import { changeKey, holdKeys, type KeyChange, type KeyRow } from './keys.sql.ts';
import { type ManagedKey, requireManaged } from './manage.ts';
import type { Principal } from './principal.ts';
import { changedRestrictions, restrictionsFrom } from './restrictions.ts';
import { whereKnown } from './where-known.ts';

/**
 * Only what is added has to be the caller's to give: scopes that the key has already may stay. Whoever frees a key from
 * what it is bound to gives it everything that it holds; and nobody gives a key that is less bound than their own.
 */
function refuseExcess(
  { row, grantable }: ManagedKey,
  scopes: readonly Scope[],
  after: Restrictions,
  bounds: Restrictions,
): void {
  const held = decodeScopes(row.scopes);
  const added = scopes.filter((scope) => !held.includes(scope));
  const isFreed = !isWithin(after, decodeRestrictions(row));
  refuseEscalation(isFreed ? [...held, ...added] : added, grantable);
  if (isFreed || added.length > 0) refuseWiderBounds(after, bounds);
}

function changeFrom(input: Input<'keys.update'>, managed: ManagedKey, bounds: Restrictions): KeyChange {
  const { name, description, rateLimit } = input;
  const { row } = managed;
  const scopes = input.scopes === undefined ? undefined : parseScopes(input.scopes, row.family);
  const after = restrictionsFrom(input, decodeRestrictions(row));
  refuseExcess(managed, scopes ?? [], after, bounds);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(scopes !== undefined && { scopes: encodeScopes(scopes) }),
    ...(rateLimit !== undefined && { rate_limit: encodeRateLimit(rateLimit) }),
    ...changedRestrictions(input, after),
  };
}

/** The key is held first: what it has already decides what the caller has to be able to give. */
async function change(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  input: Input<'keys.update'>,
  now: number,
): Promise<KeysChanged<KeyRow>> {
  await holdKeys(trx, [input.keyId, principal.keyId]);
  const managed = await requireManaged(deps, trx, principal, input.keyId, now);
  const wanted = changeFrom(input, managed, await boundsOf(trx, principal));
  const state = stateOf({ ...managed.row, disabled_at: null }, now);
  if (state !== 'active') throw new LatchkeyError('KEY_NOT_ACTIVE', { fill: { state } });
  const changed = await changeKey(trx, input.keyId, wanted, now);
  if (changed === undefined) throw new LatchkeyError('KEY_NOT_ACTIVE', { fill: { state: 'revoked' } });
  const whereChanged = await whereKnown(trx, changed);
  const details = {
    changed: Object.keys(wanted).join(' '),
    name: changed.name,
    scopes: decodeScopes(changed.scopes).join(' '),
  };
  await deps.audit.record(trx, { organizationId: changed.organization_id, id: changed.id, details });
  return { answer: changed, changed: whereChanged };
}

const changeable = Object.keys(operations['keys.update'].input.shape)
  .filter((name) => name !== 'keyId' && name !== 'receipt')
  .join(', ');

/**
 * Changes a key that has not ended: name, description, the whole set of scopes, and what it is bound to. In force for its
 * next request.
 */
export async function updateKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'keys.update'>,
): Promise<Output<'keys.update'>> {
  const { keyId: _, receipt: isReceiptWanted, ...wanted } = input;
  if (Object.values(wanted).every((value) => value === undefined)) {
    throw new LatchkeyError('INVALID_REQUEST', {
      details: { problem: `give at least one of ${changeable}.` },
    });
  }
  const { answer: row, receipt } = await changeKeys(deps, (trx) =>
    change(deps, trx, principal, input, deps.clock.now()),
  );
  return {
    keyId: row.id,
    name: row.name,
    description: row.description,
    scopes: decodeScopes(row.scopes),
    updatedAt: toIso(row.updated_at),
    // Not unless it is asked for: the answer is that of a published operation.
    ...(isReceiptWanted && receipt && { receipt }),
  };
}
