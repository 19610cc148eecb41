import { LatchkeyError, operations, type Question, type VerdictCode } from '@latchkey/protocol';
import {
  verify as authenticate,
  authorize,
  type Credential,
  type KeyDeps,
  type Presented,
} from '../keys/index.ts';
import type { VerificationDeps } from './deps.ts';
import { createIdentities, type IdentityDeps } from './identity.ts';
import { type Verdict, verify } from './verify.ts';

/** What forward-auth works with. */
export type ForwardAuthDeps = KeyDeps & VerificationDeps & IdentityDeps;

/** The key with which a proxy proves itself, not verified, and where the proxy is. */
export type Verifier = Pick<Presented, 'secret' | 'ip'>;

/** A visitor who comes through somebody's proxy with a key that nobody has looked at yet. */
export interface Visit {
  readonly key: string;
  readonly organizationId: string;
  readonly question: Question;
  /** Who the identity is for. */
  readonly audience: string;
  /** Where the visitor is; without it, a key that is bound to addresses is refused. */
  readonly ip: string | undefined;
}

/** Whether a visitor is let in. */
export interface Admission {
  readonly code: VerdictCode;
  readonly keyId: string | undefined;
  /** Who it is, signed; there is one exactly where the verdict is `VALID`. */
  readonly identity: string | undefined;
  readonly rateLimit: NonNullable<Verdict['use']>['rateLimit'];
}

/** Answers for proxies about their visitors. */
export interface ForwardAuth {
  /**
   * Resolves if the key with which a proxy proves itself may verify keys of the organization. Throws
   * `FORWARD_AUTH_MISCONFIGURED` otherwise: whoever visits cannot put that right.
   */
  requireVerifier(verifier: Verifier, organizationId: string): Promise<void>;
  /** The verdict on the key of a visitor, which counts as one use of it. Has not checked the proxy. */
  admit(visit: Visit): Promise<Admission>;
}

const { access } = operations['keys.verify'];

/** The error of a proxy that does not ask as it has to; whoever visits it can do nothing about that. */
export function misconfigured(problem: string): LatchkeyError {
  return new LatchkeyError('FORWARD_AUTH_MISCONFIGURED', { details: { problem } });
}

/** What is wrong with the key of a proxy, as the fault that it is of the proxy. */
function faultOf(error: unknown): unknown {
  const isOurs = !(error instanceof LatchkeyError) || error.status >= 500;
  return isOurs ? error : misconfigured(`x-latchkey-verifier-key: ${error.message}`);
}

function requireVerifying({ principal }: Credential, organizationId: string): void {
  authorize(principal, access);
  if (principal.organizationId !== organizationId) throw new LatchkeyError('ORGANIZATION_MISMATCH');
}

/** Answers about keys that are known cost no read and no signature. */
export function createForwardAuth(deps: ForwardAuthDeps): ForwardAuth {
  const identify = createIdentities(deps);
  return {
    async requireVerifier(verifier, organizationId) {
      try {
        const presented = { ...verifier, carrier: 'key-header' } as const;
        requireVerifying(await authenticate(deps, presented, access, undefined), organizationId);
      } catch (error) {
        throw faultOf(error);
      }
    },
    async admit({ key, organizationId, question, audience, ip }) {
      const { code, view, use } = await verify(deps, organizationId, { ...question, key, ip, cost: 1 });
      const isValid = code === 'VALID' && view !== undefined;
      return {
        code,
        keyId: view?.facts.keyId,
        identity: isValid ? identify(view.facts, audience) : undefined,
        rateLimit: use?.rateLimit ?? null,
      };
    },
  };
}
