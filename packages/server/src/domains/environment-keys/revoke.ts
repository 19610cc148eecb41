import type { Input, Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import type { Reader } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { changeKeys, type KeyDeps, markRevoked, type Principal, revokedAtOf } from '../keys/index.ts';
import type { Place } from '../workspaces/index.ts';
import { stateOf } from './environment-keys.rules.ts';
import { type EnvironmentKey, findById } from './environment-keys.sql.ts';
import { requireManaged } from './managed.ts';

/** Revoking a key does not cancel the end of the one that it replaces, which a person has to be told. */
async function shownPredecessor(db: Reader, place: Place, key: EnvironmentKey, now: number) {
  const predecessor = key.rotated_from === null ? undefined : await findById(db, place, key.rotated_from);
  if (predecessor === undefined || predecessor.ends_at === null) return null;
  if (stateOf(predecessor, now) !== 'rotating') return null;
  return { fingerprint: predecessor.fingerprint, endsAt: toIso(predecessor.ends_at) };
}

async function answer(
  db: Reader,
  place: Place,
  key: EnvironmentKey,
  now: number,
): Promise<Output<'environmentKeys.revoke'>> {
  return {
    keyId: key.id,
    name: key.name,
    fingerprint: key.fingerprint,
    revokedAt: isoOrNull(revokedAtOf(key, now)),
    predecessor: await shownPredecessor(db, place, key, now),
  };
}

/**
 * Ends a key for good; once this resolves, nobody accepts it any more. Of a key that has ended it answers when
 * that was. A dry run says what would be revoked, and refuses whoever may not.
 */
export async function revokeEnvironmentKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'environmentKeys.revoke'>,
): Promise<Output<'environmentKeys.revoke'>> {
  const { db } = deps.store;
  const now = deps.clock.now();
  if (input.dryRun) {
    const { key } = await requireManaged(deps, db, principal, input, 'revoke');
    return answer(db, input, key, now);
  }
  const settled = await changeKeys(deps, async (trx) => {
    const { key } = await requireManaged(deps, trx, principal, input, 'revoke');
    const revoked = await markRevoked(trx, key.id, now);
    const { organizationId } = input;
    if (revoked) {
      const { name, fingerprint } = key;
      await deps.audit.record(trx, { organizationId, id: key.id, details: { name, fingerprint } });
    }
    const ended = revoked ? { ...key, revoked_at: now } : ((await findById(trx, input, key.id)) ?? key);
    const changed = [{ keyId: key.id, organizationId }];
    return { answer: await answer(trx, input, ended, now), changed };
  });
  return { ...settled.answer, ...(settled.receipt && { receipt: settled.receipt }) };
}
