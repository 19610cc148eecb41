import type { Input, Output } from '@latchkey/protocol';
import { requireInstance } from '../instances/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { requireWorkflow } from './endpoint.ts';
import { shownSecret } from './shown.ts';
import { findSecrets } from './signing-secrets.sql.ts';

/** The signing secrets of a workflow, without the secrets. */
export async function listSigningSecrets(
  deps: KeyDeps,
  principal: Principal,
  endpoint: Input<'signingSecrets.list'>,
): Promise<Output<'signingSecrets.list'>> {
  const { db } = deps.store;
  await requireInstance(deps, db, principal, endpoint.processInstanceId, deps.clock.now());
  await requireWorkflow(db, endpoint);
  return { signingSecrets: (await findSecrets(db, endpoint)).map(shownSecret) };
}
