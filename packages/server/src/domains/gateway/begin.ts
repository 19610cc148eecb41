import { LatchkeyError } from '@latchkey/protocol';
import { decodeRateLimit, type Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import {
  type ExecutionCaller,
  insertExecutions,
  type NewRow,
  pendingRow,
  requireActive,
  requireWorkflow,
} from '../executions/index.ts';
import { type Door, loadDoor, requireInstance } from '../instances/index.ts';
import { refusalOf } from '../key-activity/index.ts';
import type { Credential } from '../keys/index.ts';
import { requireRoleScope } from '../sharing/index.ts';
import type { GatewayDeps } from './deps.ts';
import { managementMethods } from './enter-by-key.ts';
import { holdRevisions } from './gateway.sql.ts';
import type { Payload } from './payload.ts';
import { type NamedLimit, namedLimit, spendAll } from './rate-limits.ts';
import { requireFitting } from './trigger.ts';

/** What beginning an execution away from the door works with. */
export type BeginDeps = Omit<GatewayDeps, 'doors' | 'diagnoses' | 'acceptor' | 'deliveries'> & Audited;

/** What somebody wants to be run. */
export interface Wanted {
  readonly instanceId: string;
  readonly workflowId: string;
  readonly payload: Payload;
  /** The execution that it repeats, where it repeats one. */
  readonly rerunOf?: string;
}

function callerOf({ principal: { family, keyId, userId } }: Credential): ExecutionCaller {
  const method = managementMethods[family] ?? 'organization-key';
  return { method, keyId, signingSecretId: null, userId };
}

/** The same as at the door: of the key that asks, if it is one, and of the instance. */
function limitsOf(credential: Credential, { instanceId, rateLimit }: Door): NamedLimit[] {
  const ofKey =
    credential.kind === 'key'
      ? namedLimit('key', credential.row.id, decodeRateLimit(credential.row.rate_limit))
      : [];
  return [...ofKey, ...namedLimit('instance', instanceId, rateLimit)];
}

/** The instance as it is, held until the transaction ends like the revisions of what is triggered. */
async function holdDoor(deps: BeginDeps, trx: Writer, instanceId: string): Promise<Door> {
  await holdRevisions(trx, [instanceId]);
  const door = await loadDoor(trx, deps.secrets, instanceId);
  if (door === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  return door;
}

/**
 * Begins an execution for a caller of the API, which is on disk when this resolves with its id. The instance must be
 * one that they may see, and a person must hold the scope in its organization: a session is of no organization. Throws
 * what triggering by a key throws.
 */
export async function beginExecution(
  deps: BeginDeps,
  credential: Credential,
  { instanceId, workflowId, payload, rerunOf }: Wanted,
): Promise<string> {
  const now = deps.clock.now();
  const again = rerunOf === undefined ? {} : { rerunOf };
  const counted = credential.kind === 'key' ? credential.counted : undefined;

  async function begin(trx: Writer): Promise<NewRow> {
    const { standing } = await requireInstance(deps, trx, credential.principal, instanceId, now);
    const door = await holdDoor(deps, trx, instanceId);
    const { organizationId, environment } = door;
    deps.audit.about({ ...(rerunOf !== undefined && { id: rerunOf }), environment });
    if (credential.kind === 'session') requireRoleScope(standing, 'workflows:trigger');
    const workflow = requireWorkflow(door, workflowId);
    requireActive(door);
    requireFitting(workflow, payload);
    const { error } = await spendAll(trx, limitsOf(credential, door), now);
    if (error !== undefined) throw refusalOf(error, counted);
    const begun = { id: deps.random.uuid(), organizationId, instanceId, workflow, payload: payload.text };
    const row = pendingRow({ ...begun, ...again, caller: callerOf(credential), isDue: true }, now);
    await insertExecutions(trx, [row]);
    const details = { processInstanceId: instanceId, workflowId, ...again };
    await deps.audit.record(trx, { organizationId, id: row.id, environment, details });
    return row;
  }

  const { id, instance_id } = await deps.store.write(begin);
  deps.dispatcher.notice({ id, instance_id });
  return id;
}
