import type { KeyFamily } from '@latchkey/keys';
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Scope } from './permissions.ts';

/** What a caller proves who they are with: a key of some family, or the session of a signed-in person. */
export type CredentialKind = KeyFamily | 'session';

/** Needs a verified credential of one of these kinds, with the scope where one is named. */
export interface CredentialAccess {
  readonly kind: 'key';
  readonly families: readonly CredentialKind[];
  readonly scope?: Scope;
  /** What a call without a credential gets; `UNAUTHORIZED` unless told. */
  readonly unauthenticated?: ErrorCode;
  /**
   * What a verified credential of another kind gets; `KEY_FAMILY_NOT_ALLOWED` unless told. Where it is told, an
   * environment key is verified too before it is refused (contract/culvii.md D.1).
   */
  readonly refusal?: ErrorCode;
}

/** The four ways in of contract/codika.md E.2. */
export interface DoorAccess {
  readonly kind: 'door';
  /** Needed of organization, personal and admin keys. */
  readonly scope: Scope;
  /** Whether a signed message is a way in. */
  readonly signed: boolean;
}

/** Proved by a secret that stands in the input: of one execution, or of a member. */
export interface InputSecretAccess {
  readonly kind: 'input-secret';
}

/** Who may call an operation, before any rule about the object it acts on. */
export type Access = { readonly kind: 'public' } | InputSecretAccess | DoorAccess | CredentialAccess;

/** The error that a missing (or blank) field gets in place of `INVALID_REQUEST`, and a malformed one if told. */
export interface FieldError {
  readonly missing: ErrorCode;
  readonly invalid?: ErrorCode;
}

/** How the audit chain names a change, done or refused (docs/decisions/0007-audit.md). */
export interface AuditRule {
  /** `<noun>.<verb>` (contract/culvii.md D.10). */
  readonly action: string;
  /** The kind of thing that is changed. */
  readonly resource: string;
}

/**
 * One thing the API can do, defined once: validation both ways, OpenAPI, the typed handler, the typed
 * client and the access check all come from here.
 */
export interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly access: Access;
  /** Of every operation that changes something, but for executions, which are their own record; and of no other. */
  readonly audit?: AuditRule;
  /** Path parameters, query and body in one closed object. */
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  readonly fieldErrors?: Readonly<Record<string, FieldError>>;
  /** Beyond those that every operation can answer (see `commonErrors`). */
  readonly errors: readonly ErrorCode[];
  /** Fake values only; a key in an example never has a valid checksum. */
  readonly example: { readonly input: unknown; readonly output: unknown };
  /** Largest accepted body; 256 KiB unless told. */
  readonly bodyLimitBytes?: number;
  /** Fields with what somebody else has written: kept as it is, whatever it holds. */
  readonly opaqueFields?: readonly string[];
  /** Fields where a key belongs; in any other a key is refused. */
  readonly keyFields?: readonly string[];
  /** Says that its answer shows a secret, which is answered once and never again. */
  readonly showsSecret?: boolean;
  /** Says of one that is no GET that it changes nothing. */
  readonly readsOnly?: boolean;
}

/** Declares an operation; keeps the exact types of its schemas. */
export function defineOperation<const T extends Operation>(operation: T): T {
  return operation;
}

/** What any operation may answer. */
export const commonErrors: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'INVALID_JSON',
  'SECRET_IN_INPUT',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
  'CREDENTIALS_CONFLICT',
  'KEY_IN_URL_REFUSED',
  'INTERNAL',
  'UNAVAILABLE',
];

/** What any operation that needs a credential may answer besides. */
export const keyErrors: readonly ErrorCode[] = [
  'KEY_MALFORMED',
  'KEY_WRONG_PLACE',
  'KEY_UNKNOWN',
  'KEY_EXPIRED',
  'KEY_REVOKED',
  'KEY_DISABLED',
  'KEY_NOT_ALLOWED_HERE',
];

/** What the door may answer whoever comes with the wrong credential. */
export const doorErrors: readonly ErrorCode[] = [
  'UNAUTHORIZED',
  ...keyErrors,
  'KEY_FAMILY_NOT_ALLOWED',
  'SCOPE_MISSING',
  'INSTANCE_MISMATCH',
  'ORGANIZATION_MISMATCH',
];

/** Whether environment keys are verified at an operation, be it only to be refused afterwards. */
export function knowsEnvironmentKeys({ families, refusal }: CredentialAccess): boolean {
  return families.includes('environment') || refusal !== undefined;
}

/** What a credential can be refused with at an operation, before its input is looked at. */
export function credentialErrors(access: CredentialAccess): ErrorCode[] {
  return [
    access.unauthenticated ?? 'UNAUTHORIZED',
    ...keyErrors,
    access.refusal ?? 'KEY_FAMILY_NOT_ALLOWED',
    ...(access.scope === undefined ? [] : (['SCOPE_MISSING'] as const)),
    ...(access.families.includes('session') ? (['SESSION_INVALID'] as const) : []),
    ...(knowsEnvironmentKeys(access) ? (['KEY_INVALID', 'KEY_ENVIRONMENT_MISMATCH'] as const) : []),
  ];
}

/** What a caller can be refused with for who they are, or are not. */
export function accessErrors(access: Access): readonly ErrorCode[] {
  if (access.kind === 'key') return credentialErrors(access);
  return access.kind === 'door' ? doorErrors : [];
}

/** Whether a request may name itself by an `Idempotency-Key`: one that changes something, and is called with a credential. */
export function takesIdempotencyKey({ access, audit }: Pick<Operation, 'access' | 'audit'>): boolean {
  return access.kind === 'key' && audit !== undefined;
}

const idempotencyErrors: readonly ErrorCode[] = ['IDEMPOTENT_REPLAY', 'IDEMPOTENCY_KEY_REUSED'];

/** Every error that an operation can answer, without repetition. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const ofRepetition = takesIdempotencyKey(operation) ? idempotencyErrors : [];
  const { errors, access } = operation;
  return [...new Set([...errors, ...accessErrors(access), ...ofRepetition, ...commonErrors])];
}
