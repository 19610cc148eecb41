import type { Environment } from '@latchkey/keys';
import type { Verdict } from '../verifier/verdict.ts';
import type { Verifier } from '../verifier/verifier.ts';

/** A header in which a key may be presented. */
export type KeyPlace = 'authorization' | 'x-api-key' | 'x-process-manager-key';

/** The same for every request, or told from each. */
export type PerRequest<Value, Incoming> = Value | ((request: Incoming) => Value | undefined);

/** Who may come in, and how they show it. */
export interface GuardOptions<Incoming> {
  readonly verifier: Pick<Verifier, 'verify'>;
  /** The key must have all of these, which are Latchkey's own; what your API knows by name is a resource. */
  readonly scopes?: readonly string[];
  /** The key must have at least one of these. */
  readonly anyScope?: readonly string[];
  readonly environment?: PerRequest<Environment, Incoming>;
  /** Slug. */
  readonly workspace?: PerRequest<string, Incoming>;
  /** What the request is about, in your own words; needed by keys that are bound to resources. */
  readonly resource?: PerRequest<string, Incoming>;
  /** The name of your API, as tokens are made for it; a token for another is refused, also where it is one of yours. */
  readonly audience?: string;
  /** What an accepted request counts against limits and budget of the key; 1 unless told. */
  readonly cost?: PerRequest<number, Incoming>;
  /** Where a key is looked for; in all three headers unless told. */
  readonly from?: readonly KeyPlace[];
  /** Where the request comes from; keys that are bound to addresses are refused without it. */
  readonly ip?: (request: Incoming) => string | undefined;
  /** Named in `WWW-Authenticate`; `api` unless told. */
  readonly realm?: string;
  /** Answers callers that accept it by `application/problem+json` (RFC 9457). */
  readonly problemJson?: boolean;
  /** Told why nobody could be asked about a key, when 503 was answered; never holds the key. */
  readonly onError?: (error: Error) => void;
}

type Known<Field extends keyof Verdict> = { readonly [Each in Field]: NonNullable<Verdict[Each]> };

/** Whose key came with a request that was let in. */
export type Principal = Verdict & { readonly valid: true } & Known<
    'keyId' | 'keyName' | 'organization' | 'principal'
  >;
