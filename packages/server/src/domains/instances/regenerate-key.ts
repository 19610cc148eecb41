import type { Input, Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import { changeKeys, type KeyDeps, type Principal, revokeAllOf } from '../keys/index.ts';
import { requireAdminStanding } from '../sharing/index.ts';
import { holdInstance } from './access.ts';
import { mintInstanceKey, openSecrets } from './instance-key.ts';
import { refuseArchived } from './state.ts';

/** Replaces the key of an instance, which is held: however many do it at once, one key is live in the end. */
export async function regenerateKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  { processInstanceId: id }: Input<'instances.regenerateKey'>,
): Promise<Output<'instances.regenerateKey'>> {
  const now = deps.clock.now();
  const { answer } = await changeKeys(deps, async (trx) => {
    const { instance, standing } = await holdInstance(deps, trx, principal, id, now);
    requireAdminStanding(standing);
    refuseArchived(instance);
    const keyIds = await revokeAllOf(trx, 'instance_id', id, now);
    const { keyId } = await mintInstanceKey(trx, deps, instance, now);
    const { organization_id: organizationId, environment } = instance;
    await deps.audit.record(trx, { organizationId, id, environment, details: { newKeyId: keyId } });
    const changed = keyIds.map((each) => ({ keyId: each, organizationId }));
    return { answer: await openSecrets(trx, deps, instance), changed };
  });
  return answer;
}
