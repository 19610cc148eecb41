import { createHash } from 'node:crypto';
import { diagnose, type SignedRequest, signatureError, verifySignature } from '../signatures/index.ts';
import type { GatewayDeps } from './deps.ts';
import type { KnownDoor } from './doors.ts';
import type { Entrance } from './entrance.ts';
import { namedLimit } from './rate-limits.ts';

/**
 * Who comes in by a signed message; it opens the workflow that its secret belongs to, and no other. Throws
 * `INVALID_SIGNATURE`, `SIGNATURE_EXPIRED` or `NO_SIGNING_SECRET`, which say why without saying anything secret.
 */
export function enterBySignature(
  { diagnoses }: Pick<GatewayDeps, 'diagnoses'>,
  door: KnownDoor,
  workflowId: string,
  request: SignedRequest,
): Entrance {
  const secrets = door.signingSecretsOf(workflowId);
  const verdict = verifySignature(request, secrets);
  if (!verdict.ok) {
    const look = () => diagnose(request, secrets, verdict);
    const explained = diagnoses.look(door.instanceId, request.body.length, look);
    throw signatureError(explained ?? { ...verdict, details: { ...verdict.details, lookedCloser: false } });
  }
  const { secretId, messageId, rememberMs } = verdict;
  return {
    caller: { method: 'signature', keyId: null, signingSecretId: secretId, userId: null },
    limits: namedLimit('instance', door.instanceId, door.rateLimit),
    managementKeyId: null,
    message: { digest: createHash('sha256').update(messageId).digest('base64url'), rememberMs },
  };
}
