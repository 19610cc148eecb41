import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { findWorkflow, requireInstance } from '../instances/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { findDeliveries } from './webhook-deliveries.sql.ts';

type Shown = Output<'signingSecrets.deliveries'>['deliveries'][number];
type Row = Awaited<ReturnType<typeof findDeliveries>>[number];

function shownDelivery(row: Row): Shown {
  const { scheme, outcome, code, cause, explanation, label } = row;
  return {
    at: toIso(Number(row.at)),
    ...{ scheme, outcome, code, cause, explanation },
    nextAction: row.next_action,
    signingSecretId: row.signing_secret_id,
    label,
    messageId: row.message_id,
    sizeBytes: Number(row.size_bytes),
    executionId: row.execution_id,
  };
}

/** The last signed messages of a workflow, newest first, and why each refused one was refused. */
export async function listDeliveries(
  deps: KeyDeps,
  principal: Principal,
  { processInstanceId, workflowId }: Input<'signingSecrets.deliveries'>,
): Promise<Output<'signingSecrets.deliveries'>> {
  const { db } = deps.store;
  await requireInstance(deps, db, principal, processInstanceId, deps.clock.now());
  const workflow = await findWorkflow(db, processInstanceId, workflowId);
  if (workflow === undefined) throw new LatchkeyError('WORKFLOW_NOT_FOUND');
  const rows = await findDeliveries(db, processInstanceId, workflowId);
  return { deliveries: rows.map(shownDelivery) };
}
