import { createHash, sign } from 'node:crypto';
import type { SigningKey } from '../../platform/secrets.ts';
import type { DoorPrincipal, EngineCall } from '../engine.ts';

const lifetimeSeconds = 60;

/** A public key as the set of them is published (RFC 7517, RFC 8037). */
export interface PrincipalJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** The key that principals are checked with; `kid` is its thumbprint (RFC 7638). */
export function principalJwk({ publicKey: x }: Pick<SigningKey, 'publicKey'>): PrincipalJwk {
  const members = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  const kid = createHash('sha256').update(members).digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}

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

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Signs principals for targets: a JWT (RFC 7519) with EdDSA, for one attempt and one body, good for a minute. */
export function createPrincipalSigner(
  key: SigningKey,
  issuer: () => string,
): (call: EngineCall, nowMs: number) => string {
  const header = encode({ alg: 'EdDSA', typ: 'JWT', kid: principalJwk(key).kid });
  return (call, nowMs) => {
    const signed = `${header}.${encode(claimsOf(call, issuer(), nowMs))}`;
    return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
  };
}
