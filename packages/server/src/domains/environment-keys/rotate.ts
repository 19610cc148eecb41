import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { decodeRestrictions, type Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { changeKeys, type KeyDeps, type Principal, shownUse } from '../keys/index.ts';
import { lockWorkspace, type Place } from '../workspaces/index.ts';
import { refuseGreaterLevel } from './authority.ts';
import { overlapMs, stateOf } from './environment-keys.rules.ts';
import { type EnvironmentKey, findById, markRotating } from './environment-keys.sql.ts';
import { requireManaged } from './managed.ts';
import { mintEnvironmentKey } from './mint.ts';

/** No chains: neither the key nor the one that it replaces may be in its overlap (contract/culvii.md C.5). */
async function refuseUnrotatable(trx: Writer, place: Place, key: EnvironmentKey, now: number): Promise<void> {
  const state = stateOf(key, now);
  if (state === 'revoked') throw new LatchkeyError('CANNOT_ROTATE_REVOKED');
  // The replacement would be good for what somebody has just taken away.
  if (state === 'disabled') throw new LatchkeyError('KEY_NOT_ACTIVE', { fill: { state } });
  const predecessor = key.rotated_from === null ? undefined : await findById(trx, place, key.rotated_from);
  const overlaps = predecessor !== undefined && stateOf(predecessor, now) !== 'revoked';
  if (state === 'rotating' || overlaps) throw new LatchkeyError('ALREADY_ROTATING');
}

/** Gives the key its end. Its workspace is held first: whoever deletes that finds the replacement. */
async function endLater(trx: Writer, place: Place, key: EnvironmentKey, now: number): Promise<number> {
  if (key.workspace_id !== null) await lockWorkspace(trx, key.workspace_id);
  await refuseUnrotatable(trx, place, key, now);
  const endsAt = now + overlapMs;
  // The key may have been revoked since it was read.
  if (!(await markRotating(trx, key.id, endsAt))) throw new LatchkeyError('CANNOT_ROTATE_REVOKED');
  return endsAt;
}

/**
 * Replaces a key by one that may do the same; both are valid for the overlap. The organization is held from the
 * start: of any number of rotations of one key exactly one is made. Whoever rotates gets a fresh secret, so that
 * delegate-down holds for them as if they had created the key.
 */
export async function rotateEnvironmentKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'environmentKeys.rotate'>,
): Promise<Output<'environmentKeys.rotate'>> {
  const { organizationId, environment } = input;
  const place = { organizationId, environment };
  const now = deps.clock.now();
  const { answer, receipt } = await changeKeys(deps, async (trx) => {
    const { member, key } = await requireManaged(deps, trx, principal, input, 'rotate');
    await refuseGreaterLevel(trx, member, key.workspace_id, key.level);
    const endsAt = await endLater(trx, place, key, now);
    const { name, description, level, workspace_id: id, workspace: slug } = key;
    const workspace = id === null || slug === null ? null : { id, slug };
    const restrictions = decodeRestrictions(key);
    const request = { place, minterId: member.userId, name, description, workspace, level, restrictions };
    const minted = await mintEnvironmentKey(trx, deps, { ...request, rotatedFrom: key.id }, now);
    const { id: keyId, fingerprint } = key;
    const details = { name, level, fingerprint, newKeyId: minted.keyId, newFingerprint: minted.fingerprint };
    await deps.audit.record(trx, { organizationId, id: keyId, details });
    const replaced = { keyId, fingerprint, endsAt: toIso(endsAt), lastUsed: shownUse(deps, key) };
    return { answer: { ...minted, replaced }, changed: [{ keyId, organizationId }] };
  });
  return { ...answer, ...(receipt && { receipt }) };
}
