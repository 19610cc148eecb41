import type { Input, Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { requireAdminStanding } from '../sharing/index.ts';
import { requireInstance } from './access.ts';
import { openSecrets } from './instance-key.ts';
import { refuseArchived } from './state.ts';

/** Shows owners and admins the secrets of an instance; nobody sees them without an event that says so. */
export async function revealKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  { processInstanceId: id }: Input<'instances.revealKey'>,
): Promise<Output<'instances.revealKey'>> {
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const { instance, standing } = await requireInstance(deps, trx, principal, id, now);
    deps.audit.about({ id, environment: instance.environment });
    requireAdminStanding(standing);
    refuseArchived(instance);
    const shown = await openSecrets(trx, deps, instance);
    const { organization_id: organizationId, environment } = instance;
    await deps.audit.record(trx, { organizationId, id, environment, details: { keyId: shown.keyId } });
    return shown;
  });
}
