/**
 * What a verification says, and how it follows from what is known of a key. Free of dependencies: the server and every
 * verifier that keeps what it knows in memory decide by the same function.
 */
import type { Environment, KeyFamily } from '@latchkey/keys';

/** What each verdict is as an HTTP status, for whoever answers a request by it. */
const statuses = {
  VALID: 200,
  MALFORMED: 401,
  NOT_FOUND: 401,
  REVOKED: 401,
  EXPIRED: 401,
  DISABLED: 401,
  AUDIENCE_MISMATCH: 401,
  ENVIRONMENT_MISMATCH: 403,
  WORKSPACE_MISMATCH: 403,
  RESOURCE_MISMATCH: 403,
  SCOPE_MISSING: 403,
  IP_NOT_ALLOWED: 403,
  RATE_LIMITED: 429,
  USAGE_EXCEEDED: 429,
} as const;

/** The outcome of a verification. `NOT_FOUND` is also what a key of another organization is. */
export type VerdictCode = keyof typeof statuses;

/** All verdicts, the good one first. */
export const verdictCodes = Object.keys(statuses) as [VerdictCode, ...VerdictCode[]];

/**
 * What can come of a use of a key: a verdict on the key; or `REQUEST_REFUSED`, where the key was good and the request was
 * refused for something else, as for its input.
 */
export type UseOutcome = VerdictCode | 'REQUEST_REFUSED';

/** All of them, the good one first. */
export const useOutcomes = [...verdictCodes, 'REQUEST_REFUSED'] as const satisfies readonly UseOutcome[];

/** 200, 401, 403 or 429: what the holder of the key is to be answered. */
export function statusOfVerdict(code: VerdictCode): number {
  return statuses[code];
}

const messages: Readonly<Record<VerdictCode, string>> = {
  VALID: 'The key is valid.',
  MALFORMED: 'This is not a complete key: its form or its checksum is wrong.',
  NOT_FOUND: 'This key does not exist.',
  REVOKED: 'This key was revoked.',
  EXPIRED: 'This key has expired.',
  DISABLED: 'This key is disabled.',
  AUDIENCE_MISMATCH: 'This token was made for somebody else to accept.',
  ENVIRONMENT_MISMATCH: 'This key belongs to another environment.',
  WORKSPACE_MISMATCH: 'This key does not reach this workspace.',
  RESOURCE_MISMATCH: 'This key may not be used for this resource.',
  SCOPE_MISSING: 'This key does not have the scope that this needs.',
  IP_NOT_ALLOWED: 'This key may not be used from this address.',
  RATE_LIMITED: 'This key has been used too often within its window of time.',
  USAGE_EXCEEDED: 'The uses of this key are spent.',
};

/** The verdict in words, fit for the holder of the key. */
export function messageOfVerdict(code: VerdictCode): string {
  return messages[code];
}

/** What a verdict says by itself. */
export interface VerdictWords {
  readonly valid: boolean;
  readonly code: VerdictCode;
  readonly message: string;
}

/** The verdict for programs and for people. */
export function wordsOfVerdict(code: VerdictCode): VerdictWords {
  return { valid: code === 'VALID', code, message: messageOfVerdict(code) };
}

/** How exactly a limit of a key is held by several processes (docs/guides/verification.md). */
export const countings = ['exact', 'fast'] as const;
export type Counting = (typeof countings)[number];

/** At most so many verifications within a window that starts with the first. */
export interface KeyLimit {
  readonly requests: number;
  readonly windowSeconds: number;
  readonly counting: Counting;
}

/** So many verifications in all. */
export interface KeyBudget {
  readonly total: number;
  readonly counting: Counting;
}

/** What is known of a key: enough to answer any question about it, but for addresses and counting. Instants are Unix milliseconds. */
export interface KeyFacts {
  readonly keyId: string;
  readonly name: string;
  readonly family: KeyFamily;
  readonly organizationId: string;
  readonly organizationName: string;
  /** The person it acts as; of an environment key, whoever minted it. */
  readonly userId: string | null;
  /** Of instance keys only. */
  readonly processInstanceId: string | null;
  readonly scopes: readonly string[];
  /** None = not bound to one. */
  readonly environment: Environment | null;
  /** The slug of the one workspace that it reaches; none = all. */
  readonly workspace: string | null;
  /** Names of what it may be used for, the last character of which may be `*`; none = anything. */
  readonly resources: readonly string[] | null;
  readonly expiresAt: number | null;
  /** May lie ahead, where the key is being rotated. */
  readonly revokedAt: number | null;
  readonly disabledAt: number | null;
  /** Whether only some addresses may use it; which, the server knows. */
  readonly isBoundToAddresses: boolean;
  /** Who is to accept it; of tokens only (RFC 8693). */
  readonly audience?: string | undefined;
  /** The strictest way in which its uses are counted; none = they are not. */
  readonly counting: Counting | null;
}

/** When a key ends by itself, be it by its expiry or by its rotation; Unix milliseconds, or null if it does not. */
export function endOf({ expiresAt, revokedAt }: Pick<KeyFacts, 'expiresAt' | 'revokedAt'>): number | null {
  if (expiresAt === null || revokedAt === null) return expiresAt ?? revokedAt;
  return Math.min(expiresAt, revokedAt);
}

/** What a verdict says of the key, as `keys.verify` answers it; of what is no key here, nothing. */
export interface KeyIdentity {
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly organization: { id: string; name: string } | null;
  readonly principal: { type: KeyFamily; userId: string | null; processInstanceId: string | null } | null;
  readonly scopes: string[];
  readonly environment: Environment | null;
  readonly workspace: string | null;
  /** ISO 8601: when it ends by itself. */
  readonly expiresAt: string | null;
}

/** Of a string that is no key here. */
export const nobody: KeyIdentity = {
  keyId: null,
  keyName: null,
  organization: null,
  principal: null,
  scopes: [],
  environment: null,
  workspace: null,
  expiresAt: null,
};

/** Of a key that is known. The scopes are a copy. */
export function identityOf(facts: KeyFacts): KeyIdentity {
  const endsAt = endOf(facts);
  return {
    keyId: facts.keyId,
    keyName: facts.name,
    organization: { id: facts.organizationId, name: facts.organizationName },
    principal: {
      type: facts.family,
      userId: facts.userId,
      processInstanceId: facts.processInstanceId,
    },
    scopes: [...facts.scopes],
    environment: facts.environment,
    workspace: facts.workspace,
    expiresAt: endsAt === null ? null : new Date(endsAt).toISOString(),
  };
}

/** What an API author wants to know of a presented key. Everything that is asked must hold. */
export interface Question {
  /** All of these scopes (permissions.ts): an API of its own has resources instead. */
  readonly allScopes?: readonly string[] | undefined;
  /** At least one of these scopes. */
  readonly anyScope?: readonly string[] | undefined;
  readonly environment?: Environment | undefined;
  /** Slug. */
  readonly workspace?: string | undefined;
  /** What the key is to be used for, in the words of the API's author. */
  readonly resource?: string | undefined;
  /** Who asks, by the name that tokens are made for; a key is for whoever it is shown. */
  readonly audience?: string | undefined;
}

/** Whether a resource, or everything that begins as a pattern does, is one of those that another pattern stands for. */
export function covers(resource: string, pattern: string): boolean {
  return pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : pattern === resource;
}

/** A key that is bound to resources is good for nothing else, also where nobody asks which one is meant. */
function reachesResource({ resources }: KeyFacts, resource: string | undefined): boolean {
  if (resources === null) return true;
  return resource !== undefined && resources.some((pattern) => covers(resource, pattern));
}

function hasScopes({ scopes }: KeyFacts, { allScopes = [], anyScope = [] }: Question): boolean {
  const hasAll = allScopes.every((scope) => scopes.includes(scope));
  return hasAll && (anyScope.length === 0 || anyScope.some((scope) => scopes.includes(scope)));
}

/**
 * The verdict on a key that is known, at an instant in Unix milliseconds: what the key is comes before what it may.
 * Not looked at here: addresses, limits and budget.
 */
export function judge(facts: KeyFacts, question: Question, nowMs: number): VerdictCode {
  const { revokedAt, disabledAt, expiresAt, audience, environment, workspace } = facts;
  if (revokedAt !== null && revokedAt <= nowMs) return 'REVOKED';
  if (disabledAt !== null) return 'DISABLED';
  if (expiresAt !== null && expiresAt <= nowMs) return 'EXPIRED';
  if (audience !== undefined && question.audience !== undefined && audience !== question.audience)
    return 'AUDIENCE_MISMATCH';
  const { environment: askedEnvironment, workspace: askedWorkspace } = question;
  if (environment !== null && askedEnvironment !== undefined && environment !== askedEnvironment)
    return 'ENVIRONMENT_MISMATCH';
  if (workspace !== null && askedWorkspace !== undefined && workspace !== askedWorkspace)
    return 'WORKSPACE_MISMATCH';
  if (!reachesResource(facts, question.resource)) return 'RESOURCE_MISMATCH';
  return hasScopes(facts, question) ? 'VALID' : 'SCOPE_MISSING';
}
