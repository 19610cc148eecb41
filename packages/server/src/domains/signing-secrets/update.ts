import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { holdEndpoint } from './endpoint.ts';
import { shownSecret } from './shown.ts';
import { changeSecret } from './signing-secrets.sql.ts';

/** Gives a signing secret another label. */
export async function labelSigningSecret(
  deps: KeyDeps & Audited,
  principal: Principal,
  { signingSecretId: id, label, ...endpoint }: Input<'signingSecrets.update'>,
): Promise<Output<'signingSecrets.update'>> {
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const { organization_id: organizationId, environment } = await holdEndpoint(
      deps,
      trx,
      principal,
      endpoint,
      now,
    );
    const row = await changeSecret(trx, endpoint, id, { label });
    if (row === undefined) throw new LatchkeyError('SIGNING_SECRET_NOT_FOUND');
    const details = { ...endpoint, label };
    await deps.audit.record(trx, { organizationId, id, environment, details });
    return shownSecret(row);
  });
}
