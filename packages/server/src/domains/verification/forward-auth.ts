import { LatchkeyError, operations, type VerdictCode } from '@latchkey/protocol';
import {
  type AuthenticatedKey,
  askerOf,
  verify as authenticate,
  authorize,
  type Credential,
  type KeyDeps,
  noteUse,
  type Presented,
} from '../keys/index.ts';
import type { VerificationDeps } from './deps.ts';
import { createIdentities, type IdentityDeps } from './identity.ts';
import { validAtOnce } from './valid-at-once.ts';
import { type Asked, type Verdict, verify } from './verify.ts';

/** What forward-auth works with. */
export type ForwardAuthDeps = KeyDeps & VerificationDeps & IdentityDeps;

/** The key with which a proxy proves itself, not verified, and where the proxy is. */
export type Verifier = Pick<Presented, 'secret' | 'ip'>;

/** A visitor who comes through somebody's proxy. */
export interface Visit {
  /** What the proxy asks, of a key that nobody has looked at yet. */
  readonly asked: Asked;
  readonly organizationId: string;
  /** The key of the proxy, which may ask. */
  readonly verifier: AuthenticatedKey;
  /** Who the identity is for. */
  readonly audience: string;
}

/** Whether a visitor is let in. */
export interface Admission {
  readonly code: VerdictCode;
  readonly keyId: string | undefined;
  /** Who it is, signed; there is one exactly where the verdict is `VALID`. */
  readonly identity: string | undefined;
  readonly rateLimit: NonNullable<Verdict['use']>['rateLimit'];
}

/** Answers for proxies about their visitors; at once where everything is known. */
export interface ForwardAuth {
  /**
   * Whether the key with which a proxy proves itself may verify keys of the organization. Throws, or rejects with,
   * `FORWARD_AUTH_MISCONFIGURED` otherwise: whoever visits cannot put that right.
   */
  requireVerifier(verifier: Verifier, organizationId: string): AuthenticatedKey | Promise<AuthenticatedKey>;
  /** The verdict on the key of a visitor, which counts as one use of it. Has not checked the proxy. */
  admit(visit: Visit): Admission | Promise<Admission>;
  /**
   * The identity of a visitor who is let in without waiting, counting or looking where they are; undefined for any other,
   * who is then for `admit`. Resolves with undefined once what had to be waited for is there.
   */
  identifyAtOnce(visit: Visit): string | undefined | Promise<undefined>;
}

const { access } = operations['keys.verify'];

/** The error of a proxy that does not ask as it has to; whoever visits it can do nothing about that. */
export function misconfigured(problem: string): LatchkeyError {
  return new LatchkeyError('FORWARD_AUTH_MISCONFIGURED', { details: { problem } });
}

/** The same whatever is wrong with the key of a proxy: whoever visits it is not to learn that; the log says it. */
const problemOfKey =
  'x-latchkey-verifier-key: must be a key of the organization that may verify keys, whole, in force and used from where it may be. The log of the server says what is wrong with it.';

/** What is wrong with the key of a proxy, as the fault that it is of the proxy. */
function throwFault(error: unknown): never {
  if (!(error instanceof LatchkeyError) || error.status >= 500) throw error;
  const { code: internal } = error;
  const details = { problem: problemOfKey };
  throw new LatchkeyError('FORWARD_AUTH_MISCONFIGURED', { details, internal, cause: error });
}

function requireVerifying(credential: Credential, organizationId: string): AuthenticatedKey {
  authorize(credential, access);
  if (credential.principal.organizationId !== organizationId)
    throw new LatchkeyError('ORGANIZATION_MISMATCH');
  if (credential.kind !== 'key') throw new Error('a session verifies no keys');
  return credential;
}

/** Answers about keys that are known cost no read and no signature. */
export function createForwardAuth(deps: ForwardAuthDeps): ForwardAuth {
  const identify = createIdentities(deps);

  const noteAsker = (verifier: AuthenticatedKey) => noteUse(deps, askerOf(verifier), deps.clock.now());

  function admissionOf({ code, view, use }: Verdict, { verifier, audience }: Visit): Admission {
    noteAsker(verifier);
    const isValid = code === 'VALID' && view !== undefined;
    return {
      code,
      keyId: view?.facts.keyId,
      identity: isValid ? identify(view.facts, audience) : undefined,
      rateLimit: use?.rateLimit ?? null,
    };
  }

  return {
    requireVerifier(verifier, organizationId) {
      try {
        const found = authenticate(deps, { ...verifier, carrier: 'key-header' }, access, undefined);
        return found instanceof Promise
          ? found.then((each) => requireVerifying(each, organizationId)).catch(throwFault)
          : requireVerifying(found, organizationId);
      } catch (error) {
        return throwFault(error);
      }
    },
    admit(visit) {
      const verdict = verify(deps, visit.organizationId, visit.asked);
      return verdict instanceof Promise
        ? verdict.then((each) => admissionOf(each, visit))
        : admissionOf(verdict, visit);
    },
    identifyAtOnce({ asked, organizationId, verifier, audience }) {
      const view = validAtOnce(deps, organizationId, asked);
      if (view === undefined || view instanceof Promise) return view;
      noteAsker(verifier);
      return identify(view.facts, audience);
    },
  };
}
