import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { holdEndpoint } from './endpoint.ts';
import { shownSecret } from './shown.ts';
import { changeSecret, findSecrets } from './signing-secrets.sql.ts';

/** Ends a signing secret; once this resolves nothing signed with it is accepted. Again answers the first time. */
export async function retireSigningSecret(
  deps: KeyDeps & Audited,
  principal: Principal,
  { signingSecretId: id, ...endpoint }: Input<'signingSecrets.retire'>,
): Promise<Output<'signingSecrets.retire'>> {
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const instance = await holdEndpoint(deps, trx, principal, endpoint, now);
    const found = (await findSecrets(trx, endpoint)).find((each) => each.id === id);
    if (found === undefined) throw new LatchkeyError('SIGNING_SECRET_NOT_FOUND');
    if (found.retired_at !== null) return shownSecret(found);
    await changeSecret(trx, endpoint, id, { retired_at: now });
    const { organization_id: organizationId, environment } = instance;
    const details = { ...endpoint, label: found.label };
    await deps.audit.record(trx, { organizationId, id, environment, details });
    return shownSecret({ ...found, retired_at: now });
  });
}
