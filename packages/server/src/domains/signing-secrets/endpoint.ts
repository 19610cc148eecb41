import { LatchkeyError } from '@latchkey/protocol';
import type { Reader, Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { findWorkflow, holdManaged, type InstanceRow } from '../instances/index.ts';
import type { AuthorityDeps, Principal } from '../keys/index.ts';
import type { Endpoint } from './signing-secrets.sql.ts';

/** Throws `WORKFLOW_NOT_FOUND` unless the instance has the workflow. */
export async function requireWorkflow(
  db: Reader,
  { processInstanceId, workflowId }: Endpoint,
): Promise<void> {
  const workflow = await findWorkflow(db, processInstanceId, workflowId);
  if (workflow === undefined) throw new LatchkeyError('WORKFLOW_NOT_FOUND');
}

/** The instance of a workflow whose secrets the caller manages, held until the transaction ends. */
export async function holdEndpoint(
  deps: AuthorityDeps & Audited,
  trx: Writer,
  principal: Principal,
  endpoint: Endpoint,
  now: number,
): Promise<InstanceRow> {
  const instance = await holdManaged(deps, trx, principal, endpoint.processInstanceId, now);
  // The secret is what an event is about, and is not known yet.
  deps.audit.about({ environment: instance.environment });
  await requireWorkflow(trx, endpoint);
  return instance;
}
