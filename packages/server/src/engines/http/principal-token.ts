import { createHash } from 'node:crypto';
import { createJwtSigner } from '../../platform/jwt.ts';
import type { SigningKey } from '../../platform/secrets.ts';
import type { DoorPrincipal, EngineCall } from '../engine.ts';

const lifetimeSeconds = 60;

function subjectOf({ keyId, signingSecretId }: DoorPrincipal): string {
  return keyId === null ? `signature:${signingSecretId}` : `key:${keyId}`;
}

function claimsOf(call: EngineCall, issuer: string, nowMs: number): object {
  const { executionId, attempt, principal, body } = call;
  const issuedAt = Math.floor(nowMs / 1000);
  return {
    iss: issuer,
    aud: new URL(call.targetUrl).origin,
    sub: subjectOf(principal),
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    jti: `${executionId}.${attempt}`,
    method: principal.method,
    key_id: principal.keyId,
    user_id: principal.userId,
    organization_id: principal.organizationId,
    instance_id: principal.instanceId,
    workflow_id: principal.workflowId,
    execution_id: executionId,
    body_sha256: createHash('sha256').update(body).digest('hex'),
  };
}

/** Signs principals for targets: a token for one attempt and one body, good for a minute. */
export function createPrincipalSigner(
  key: SigningKey,
  issuer: () => string,
): (call: EngineCall, nowMs: number) => string {
  const signJwt = createJwtSigner(key, 'JWT');
  return (call, nowMs) => signJwt(claimsOf(call, issuer(), nowMs));
}
