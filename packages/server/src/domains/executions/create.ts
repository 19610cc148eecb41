import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { isSameSecret } from '../../platform/same-secret.ts';
import { memberSecretOf } from '../accounts/index.ts';
import { loadDoor } from '../instances/index.ts';
import { callbackUrls } from './call-of.ts';
import { requireActive, requireWorkflow } from './callable.ts';
import type { ExecutionDeps } from './deps.ts';
import { executionSecretOf } from './execution-secret.ts';
import { insertExecutions } from './executions.sql.ts';
import { pendingRow } from './pending.ts';

type Asked = Input<'executions.create'>;

/** Throws `MEMBER_SECRET_INVALID`, also for somebody who is no member. */
async function requireMemberSecret({ store, secrets }: ExecutionDeps, asked: Asked): Promise<void> {
  const { organizationId, userId, memberSecret } = asked;
  const secret = await memberSecretOf(store.db, secrets, organizationId, userId);
  if (secret === undefined || !isSameSecret(secret, memberSecret))
    throw new LatchkeyError('MEMBER_SECRET_INVALID');
}

/**
 * Begins an execution of a workflow that has started by itself, by a schedule or an event: there is nothing to hand to
 * a target any more, only a report to wait for (contract/codika.md F.6).
 */
export async function createExecution(
  deps: ExecutionDeps,
  asked: Asked,
): Promise<Output<'executions.create'>> {
  await requireMemberSecret(deps, asked);
  const { processInstanceId, workflowId, userId, triggerType, triggerData } = asked;
  const door = await loadDoor(deps.store.db, deps.secrets, processInstanceId);
  if (door?.organizationId !== asked.organizationId) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  const workflow = requireWorkflow(door, workflowId);
  requireActive(door);
  const executionId = deps.random.uuid();
  const caller = { method: 'member-secret', keyId: null, signingSecretId: null, userId } as const;
  const payload = JSON.stringify({ triggerType, triggerData });
  const { organizationId } = door;
  const whose = { organizationId, instanceId: processInstanceId };
  const begun = { id: executionId, ...whose, workflow, caller, payload, isDue: false };
  const row = pendingRow(begun, deps.clock.now());
  await deps.store.write((trx) => insertExecutions(trx, [row]));
  return {
    executionId,
    executionSecret: executionSecretOf(deps.secrets, executionId),
    ...callbackUrls(deps.publicUrl()),
    processId: door.projectId,
    userId,
  };
}
