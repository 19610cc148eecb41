import { LatchkeyError } from '@latchkey/protocol';
import { type ExecutionCaller, pendingRow, requireActive, requireWorkflow } from '../executions/index.ts';
import type { DoorWorkflow } from '../instances/index.ts';
import { refusalOf } from '../key-activity/index.ts';
import { noteRefusedRequest, noteUse, type UsedKey } from '../keys/index.ts';
import { claimedId, signatureHeadersIn } from '../signatures/index.ts';
import type { Acceptance } from './accept.ts';
import type { GatewayDeps } from './deps.ts';
import type { KnownDoor } from './doors.ts';
import { enterByKey } from './enter-by-key.ts';
import { enterBySignature } from './enter-by-signature.ts';
import { type Entrance, originOf, type PresentedKey } from './entrance.ts';
import { type Payload, readPayload, type TriggerBody } from './payload.ts';
import type { LimitState } from './rate-limits.ts';
import { acceptedOutcome, refusedOutcome, type SignedClaim, tellDelivery } from './tell-delivery.ts';

/** A request to trigger a workflow, with nothing of it verified. */
export interface TriggerRequest {
  readonly instanceId: string;
  readonly workflowId: string;
  readonly key: PresentedKey | undefined;
  readonly header: (name: string) => string | undefined;
  readonly body: TriggerBody;
  /** Told who has come in, also before a refusal of what they ask for. */
  readonly onEntrance: (caller: ExecutionCaller) => void;
  /** Told of the rate limits that hold for the caller, also before a refusal by one of them. */
  readonly onLimits: (states: readonly LimitState[]) => void;
}

/** An execution that is on disk. */
export interface Triggered {
  readonly executionId: string;
  readonly message: string;
}

/** What is found out about a request while it is looked at. */
interface Found {
  /** Of one that came with a signature. */
  claim?: SignedClaim;
  /** A key that was found right, of the last look. */
  used?: UsedKey | undefined;
}

interface Begun extends Triggered {
  /** Whether the message had started its execution before. */
  readonly isRepeat: boolean;
}

/** Several turns only where an instance is changed again and again while it is triggered. */
const maxTurns = 5;

/** Throws `PAYLOAD_INVALID`. */
export function requireFitting(workflow: DoorWorkflow, { value }: Pick<Payload, 'value'>): void {
  const problem = workflow.payloadProblem(value);
  if (problem !== undefined) throw new LatchkeyError('PAYLOAD_INVALID', { details: { problem } });
}

/**
 * contract/codika.md E.2: a signature that is there decides, and a wrong one is not made good by a key. A key that
 * stands beside a right one must be right too.
 */
async function enter(
  deps: GatewayDeps,
  request: TriggerRequest,
  door: KnownDoor | undefined,
  found: Found,
): Promise<Entrance> {
  const { workflowId, key, header } = request;
  const signed = { header, body: request.body.bytes, nowMs: deps.clock.now() };
  const secrets = door?.signingSecretsOf(workflowId) ?? [];
  const [scheme] = signatureHeadersIn(signed, secrets);
  if (scheme === undefined) {
    if (key === undefined) throw new LatchkeyError('UNAUTHORIZED');
    return enterByKey(deps, key, door);
  }
  if (door === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  requireWorkflow(door, workflowId);
  found.claim = { scheme, messageId: claimedId(signed, scheme, secrets), signingSecretId: null };
  const entrance = enterBySignature(deps, door, workflowId, signed);
  found.claim = { ...found.claim, signingSecretId: entrance.caller.signingSecretId };
  if (key === undefined) return entrance;
  const { used } = await enterByKey(deps, key, door);
  return { ...entrance, used };
}

async function acceptanceOf(
  deps: GatewayDeps,
  request: TriggerRequest,
  door: KnownDoor | undefined,
  found: Found,
): Promise<Acceptance> {
  found.used = undefined;
  const entrance = await enter(deps, request, door, found);
  found.used = entrance.used;
  request.onEntrance(entrance.caller);
  if (door === undefined) throw new LatchkeyError('INSTANCE_NOT_FOUND');
  const workflow = requireWorkflow(door, request.workflowId);
  requireActive(door);
  const payload = readPayload(request.body, entrance.caller.method === 'signature');
  requireFitting(workflow, payload);
  const begun = {
    id: deps.random.uuid(),
    organizationId: door.organizationId,
    instanceId: door.instanceId,
    workflow,
    caller: entrance.caller,
    payload: payload.text,
    isDue: true,
  };
  const row = pendingRow(begun, deps.clock.now());
  return { revision: door.revision, entrance, row };
}

/** Nothing where what was known of the instance or the key turned out to be out of date. */
async function attempt(
  deps: GatewayDeps,
  request: TriggerRequest,
  door: KnownDoor | undefined,
  found: Found,
): Promise<Begun | undefined> {
  const acceptance = await acceptanceOf(deps, request, door, found);
  const verdict = await deps.acceptor.accept(acceptance);
  if (verdict.kind === 'stale') {
    const { managementKeyId } = acceptance.entrance;
    if (managementKeyId !== null) deps.knownKeys.forget(managementKeyId);
    return undefined;
  }
  request.onLimits(verdict.limits);
  if (verdict.kind === 'refused') throw refusalOf(verdict.error, found.used?.counted);
  const { executionId, isRepeat } = verdict;
  if (!isRepeat) deps.dispatcher.notice({ id: executionId, instance_id: acceptance.row.instance_id });
  const message = isRepeat ? 'Execution was started before by the same message' : 'Execution started';
  return { executionId, message, isRepeat };
}

/** What is kept in memory of the instance is believed only as far as the database confirms it. */
async function inTurns(deps: GatewayDeps, request: TriggerRequest, found: Found): Promise<Begun> {
  let door = await deps.doors.known(request.instanceId);
  for (let turn = 1; ; turn += 1) {
    try {
      const triggered = await attempt(deps, request, door, found);
      if (triggered !== undefined) return triggered;
      if (turn === maxTurns) throw new LatchkeyError('UNAVAILABLE', { internal: 'changed all the time' });
      door = await deps.doors.current(request.instanceId);
    } catch (error) {
      const current = await deps.doors.current(request.instanceId);
      if (turn === maxTurns || current?.revision === door?.revision) throw error;
      door = current;
    }
  }
}

/**
 * Begins an execution; it is on disk when this resolves. What is kept in memory of the instance is believed only as far
 * as the database confirms it: an acceptance in its transaction, a refusal by looking again. What becomes of a message
 * that came with a signature is noted for whoever looks for it.
 */
export async function trigger(deps: GatewayDeps, request: TriggerRequest): Promise<Triggered> {
  const found: Found = {};
  try {
    const { executionId, message, isRepeat } = await inTurns(deps, request, found);
    if (found.claim) tellDelivery(deps, request, found.claim, acceptedOutcome(executionId, isRepeat));
    const { key } = request;
    if (found.used && key) noteUse(deps, found.used, deps.clock.now(), originOf(key));
    return { executionId, message };
  } catch (error) {
    if (found.claim) tellDelivery(deps, request, found.claim, refusedOutcome(error));
    if (found.used) noteRefusedRequest(deps, found.used, error);
    throw error;
  }
}
