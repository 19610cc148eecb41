import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import { refuseArchived, signingSecretPurpose } from '../instances/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { secretToText } from '../signatures/index.ts';
import { holdEndpoint } from './endpoint.ts';
import { shownSecret } from './shown.ts';
import { countActive, insertSecret } from './signing-secrets.sql.ts';

/** How many a workflow may have active; each is tried for a message that names none. */
const activeLimit = 20;

/** Adds a signing secret to a workflow, sealed. */
export async function addSigningSecret(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'signingSecrets.add'>,
): Promise<Output<'signingSecrets.add'>> {
  const { processInstanceId, workflowId, scheme, label = scheme } = input;
  const text = secretToText(input);
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    const instance = await holdEndpoint(deps, trx, principal, input, now);
    refuseArchived(instance);
    if ((await countActive(trx, input)) >= activeLimit) {
      throw new LatchkeyError('SIGNING_SECRET_LIMIT', { details: { limit: activeLimit } });
    }
    const id = deps.random.uuid();
    const row = {
      id,
      instance_id: processInstanceId,
      workflow_id: workflowId,
      scheme,
      label,
      secret_sealed: deps.secrets.seal(text, signingSecretPurpose(id)),
      created_by: principal.userId,
      created_at: now,
      retired_at: null,
    };
    await insertSecret(trx, row);
    const { organization_id: organizationId, environment } = instance;
    const details = { processInstanceId, workflowId, scheme, label };
    await deps.audit.record(trx, { organizationId, id, environment, details });
    return shownSecret(row);
  });
}
