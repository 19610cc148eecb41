import type { Input, Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { changeKeys } from './change-keys.ts';
import type { KeyDeps } from './deps.ts';
import { findById, holdKeys, markRevoked } from './keys.sql.ts';
import { requireManaged } from './manage.ts';
import { type Principal, requireScope } from './principal.ts';
import { whereKnown } from './where-known.ts';

/** A key may always end itself; ending another takes the scope and the role that managing takes. */
async function requireRevocable(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  keyId: string,
  now: number,
): Promise<void> {
  if (principal.keyId === keyId) return;
  requireScope(principal, 'api-keys:manage');
  await requireManaged(deps, trx, principal, keyId, now);
}

/** Ends a key for good; once this resolves, nobody accepts it any more. Revoking again answers the first time. */
export async function revokeKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  { keyId }: Input<'keys.revoke'>,
): Promise<Output<'keys.revoke'>> {
  const now = deps.clock.now();
  const { answer: revokedAt, receipt } = await changeKeys(deps, async (trx) => {
    await holdKeys(trx, [keyId, principal.keyId]);
    await requireRevocable(deps, trx, principal, keyId, now);
    const isRevoked = await markRevoked(trx, keyId, now);
    const key = await findById(trx, keyId);
    const organizationId = key?.organization_id ?? null;
    const changed = key === undefined ? [] : await whereKnown(trx, key);
    if (isRevoked) await deps.audit.record(trx, { organizationId, id: keyId });
    return { answer: key?.revoked_at ?? now, changed };
  });
  return { keyId, revokedAt: toIso(revokedAt), ...(receipt && { receipt }) };
}
