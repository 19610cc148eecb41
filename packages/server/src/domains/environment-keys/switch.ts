import type { Input, Output } from '@latchkey/protocol';
import type { Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { changeKeys, type KeyDeps, type KeysChanged, markDisabled, type Principal } from '../keys/index.ts';
import { refuseGreaterLevel } from './authority.ts';
import { stateOf } from './environment-keys.rules.ts';
import type { EnvironmentKey } from './environment-keys.sql.ts';
import { holdManaged, refuseEnded } from './managed.ts';

type Switch = Input<'environmentKeys.disable'>;
type Switched = Output<'environmentKeys.disable'>;

/** The key as it is once it is held. Enabling gives it its level again, so that the caller must have that. */
async function holdSwitchable(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  input: Switch,
  action: 'disable' | 'enable',
): Promise<EnvironmentKey> {
  const { member, key } = await holdManaged(deps, trx, principal, input, action);
  if (action === 'enable') await refuseGreaterLevel(trx, member, key.workspace_id, key.level);
  refuseEnded(key, deps.clock.now());
  return key;
}

async function change(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  input: Switch,
  isDisabled: boolean,
): Promise<KeysChanged<Switched>> {
  const key = await holdSwitchable(deps, trx, principal, input, isDisabled ? 'disable' : 'enable');
  const now = deps.clock.now();
  const { id: keyId, name, fingerprint } = key;
  const { organizationId } = input;
  if (await markDisabled(trx, keyId, isDisabled, now)) {
    await deps.audit.record(trx, { organizationId, id: keyId, details: { name, fingerprint } });
  }
  const state = stateOf({ ...key, disabled_at: isDisabled ? now : null }, now);
  if (state === 'revoked') throw new Error('a key that is held has not ended');
  return { answer: { keyId, name, fingerprint, state }, changed: [{ keyId, organizationId }] };
}

async function switchTo(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Switch,
  isDisabled: boolean,
): Promise<Switched> {
  const { answer, receipt } = await changeKeys(deps, (trx) =>
    change(deps, trx, principal, input, isDisabled),
  );
  return { ...answer, ...(receipt && { receipt }) };
}

/** Refuses a key for a while; once this resolves, nobody accepts it. */
export async function disableEnvironmentKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'environmentKeys.disable'>,
): Promise<Switched> {
  return switchTo(deps, principal, input, true);
}

/** Lets a disabled key be used again. A key that is being rotated still ends when it was to end. */
export async function enableEnvironmentKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'environmentKeys.enable'>,
): Promise<Switched> {
  return switchTo(deps, principal, input, false);
}
