import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { decodeRestrictions, decodeScopes, type Restrictions } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { boundsOf } from './authority.ts';
import { refuseWiderBounds } from './bounds.rules.ts';
import { changeKeys } from './change-keys.ts';
import type { KeyDeps } from './deps.ts';
import { refuseEscalation, stateOf } from './keys.rules.ts';
import { holdKeys, markDisabled } from './keys.sql.ts';
import { type ManagedKey, requireManaged } from './manage.ts';
import type { Principal } from './principal.ts';
import { whereKnown } from './where-known.ts';

type Switched = Output<'keys.disable'>;

/** A key that has ended is neither disabled nor enabled. */
function refuseEnded({ row }: ManagedKey, now: number): void {
  const state = stateOf({ ...row, disabled_at: null }, now);
  if (state !== 'active') throw new LatchkeyError('KEY_NOT_ACTIVE', { fill: { state } });
}

/** Enabling gives the key all its scopes again, so that it has to be the caller's to give. */
function refuseMoreThanOwn({ row, grantable }: ManagedKey, bounds: Restrictions): void {
  refuseEscalation(decodeScopes(row.scopes), grantable);
  refuseWiderBounds(decodeRestrictions(row), bounds);
}

async function switchTo(
  deps: KeyDeps & Audited,
  principal: Principal,
  { keyId, isDisabled }: { readonly keyId: string; readonly isDisabled: boolean },
): Promise<Switched> {
  const { receipt } = await changeKeys(deps, async (trx) => {
    const now = deps.clock.now();
    await holdKeys(trx, [keyId, principal.keyId]);
    const managed = await requireManaged(deps, trx, principal, keyId, now);
    refuseEnded(managed, now);
    if (!isDisabled) refuseMoreThanOwn(managed, await boundsOf(trx, principal));
    const { organization_id: organizationId, name } = managed.row;
    const isSwitched = await markDisabled(trx, keyId, isDisabled, now);
    const changed = await whereKnown(trx, managed.row);
    if (isSwitched) await deps.audit.record(trx, { organizationId, id: keyId, details: { name } });
    return { answer: undefined, changed };
  });
  return { keyId, state: isDisabled ? 'disabled' : 'active', ...(receipt && { receipt }) };
}

/**
 * Refuses a key for a while; once this resolves, nobody accepts it. A key may disable itself: whoever is
 * signed in can enable it again.
 */
export async function disableKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  { keyId }: Input<'keys.disable'>,
): Promise<Switched> {
  return switchTo(deps, principal, { keyId, isDisabled: true });
}

/** Lets a disabled key be used again; whoever does it has to be able to give what it holds. */
export async function enableKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  { keyId }: Input<'keys.enable'>,
): Promise<Switched> {
  return switchTo(deps, principal, { keyId, isDisabled: false });
}
