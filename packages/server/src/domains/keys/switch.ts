import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { decodeScopes, type Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import type { KeyDeps } from './deps.ts';
import { refuseEscalation, stateOf } from './keys.rules.ts';
import { holdKeys, markDisabled } from './keys.sql.ts';
import { type ManagedKey, requireManaged } from './manage.ts';
import type { Principal } from './principal.ts';

type Switched = Output<'keys.disable'>;

/** A key that has ended is neither disabled nor enabled. */
function refuseEnded({ row }: ManagedKey, now: number): void {
  const state = stateOf({ ...row, disabled_at: null }, now);
  if (state !== 'active') throw new LatchkeyError('KEY_NOT_ACTIVE', { fill: { state } });
}

/** Enabling gives the key all its scopes again, so that they have to be the caller's to give. */
function refuseMoreThanOwn({ row, grantable }: ManagedKey): void {
  refuseEscalation(decodeScopes(row.scopes), grantable);
}

async function switchTo(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  { keyId, isDisabled }: { readonly keyId: string; readonly isDisabled: boolean },
): Promise<Switched> {
  const now = deps.clock.now();
  await holdKeys(trx, [keyId, principal.keyId]);
  const managed = await requireManaged(deps, trx, principal, keyId, now);
  refuseEnded(managed, now);
  if (!isDisabled) refuseMoreThanOwn(managed);
  if (await markDisabled(trx, keyId, isDisabled, now)) {
    const { organization_id: organizationId, name } = managed.row;
    await deps.audit.record(trx, { organizationId, id: keyId, details: { name } });
  }
  return { keyId, state: isDisabled ? 'disabled' : 'active' };
}

/**
 * Refuses a key for a while; once this resolves, no request with it is accepted. A key may disable itself: whoever is
 * signed in can enable it again.
 */
export async function disableKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  { keyId }: Input<'keys.disable'>,
): Promise<Switched> {
  return deps.store.write((trx) => switchTo(deps, trx, principal, { keyId, isDisabled: true }));
}

/** Lets a disabled key be used again; whoever does it has to be able to give what it holds. */
export async function enableKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  { keyId }: Input<'keys.enable'>,
): Promise<Switched> {
  return deps.store.write((trx) => switchTo(deps, trx, principal, { keyId, isDisabled: false }));
}
