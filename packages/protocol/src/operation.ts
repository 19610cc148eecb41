import type { KeyFamily } from '@latchkey/keys';
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Scope } from './permissions.ts';

/** Who may call an operation, before any rule about the object it acts on. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'key'; readonly families: readonly KeyFamily[]; readonly scope?: Scope };

/** The error that a missing or malformed field gets in place of `INVALID_REQUEST`. */
export interface FieldError {
  readonly missing: ErrorCode;
  readonly invalid: ErrorCode;
}

/**
 * One thing the API can do, defined once: validation both ways, OpenAPI, the typed handler, the typed
 * client and the access check all come from here.
 */
export interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly access: Access;
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
  'INTERNAL',
  'UNAVAILABLE',
];

/** What any operation that needs a key may answer besides. */
export const keyErrors: readonly ErrorCode[] = [
  'UNAUTHORIZED',
  'KEY_MALFORMED',
  'KEY_WRONG_PLACE',
  'KEY_UNKNOWN',
  'KEY_EXPIRED',
  'KEY_REVOKED',
  'KEY_FAMILY_NOT_ALLOWED',
  'SCOPE_MISSING',
];

/** Every error that an operation can answer, without repetition. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const perAccess = operation.access.kind === 'key' ? keyErrors : [];
  return [...new Set([...operation.errors, ...perAccess, ...commonErrors])];
}
