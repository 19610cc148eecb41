import { LatchkeyError, type SignatureCause, type SigningScheme, signatureCauses } from '@latchkey/protocol';
import type { Delivery } from '../webhook-deliveries/index.ts';
import type { GatewayDeps } from './deps.ts';

const maxExplanationLength = 1_000;

/** What a request claims that came with a signature, for a workflow that there is. */
export interface SignedClaim {
  readonly scheme: SigningScheme;
  readonly messageId: string | null;
  /** The one that made the signature, once that is known. */
  readonly signingSecretId: string | null;
}

/** What came of it. */
export type DeliveryOutcome = Pick<
  Delivery,
  'outcome' | 'code' | 'cause' | 'explanation' | 'next_action' | 'execution_id'
>;

function causeOf({ details }: LatchkeyError): SignatureCause | null {
  return signatureCauses.find((each) => each === details?.cause) ?? null;
}

export function acceptedOutcome(executionId: string, isRepeat: boolean): DeliveryOutcome {
  const outcome = isRepeat ? 'repeated' : 'accepted';
  const nothing = { cause: null, explanation: null, next_action: null };
  return { outcome, code: 'OK', ...nothing, execution_id: executionId };
}

/** In the words that the sender got. */
export function refusedOutcome(thrown: unknown): DeliveryOutcome {
  const error = thrown instanceof LatchkeyError ? thrown : new LatchkeyError('INTERNAL');
  return {
    outcome: 'refused',
    code: error.code,
    cause: causeOf(error),
    explanation: error.message.slice(0, maxExplanationLength).toWellFormed(),
    next_action: error.nextAction.slice(0, maxExplanationLength).toWellFormed(),
    execution_id: null,
  };
}

/** Notes what became of a signed message, with nothing of what it said. */
export function tellDelivery(
  { deliveries, clock }: Pick<GatewayDeps, 'deliveries' | 'clock'>,
  { instanceId, workflowId, body }: { instanceId: string; workflowId: string; body: { bytes: Buffer } },
  { scheme, messageId, signingSecretId }: SignedClaim,
  outcome: DeliveryOutcome,
): void {
  deliveries.note({
    instance_id: instanceId,
    workflow_id: workflowId,
    at: clock.now(),
    scheme,
    message_id: messageId,
    signing_secret_id: signingSecretId,
    size_bytes: body.bytes.length,
    ...outcome,
  });
}
