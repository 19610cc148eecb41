import type { Input, Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Audited } from '../audit/index.ts';
import { changeKeys, type KeyDeps, type Principal, revokeAllOf } from '../keys/index.ts';
import { holdManaged } from './access.ts';
import { changeInstance } from './instances.sql.ts';
import { retireSecrets } from './secrets-of-instance.sql.ts';
import { stateUnchanged } from './state.ts';

/** Archives an instance for good: its key and its signing secrets end with it. */
export async function archiveInstance(
  deps: KeyDeps & Audited,
  principal: Principal,
  { processInstanceId: id }: Input<'instances.archive'>,
): Promise<Output<'instances.archive'>> {
  const now = deps.clock.now();
  const { answer } = await changeKeys(deps, async (trx) => {
    const instance = await holdManaged(deps, trx, principal, id, now);
    if (instance.archived_at !== null) throw stateUnchanged('archived');
    await changeInstance(trx, id, { archived_at: now, is_active: 0, inactive_reason: 'archived' });
    const keyIds = await revokeAllOf(trx, 'instance_id', id, now);
    await retireSecrets(trx, id, [], now);
    const { organization_id: organizationId, environment, title } = instance;
    await deps.audit.record(trx, { organizationId, id, environment, details: { title } });
    const changed = keyIds.map((keyId) => ({ keyId, organizationId }));
    return { answer: { processInstanceId: id, archivedAt: toIso(now) }, changed };
  });
  return answer;
}
