import type { KeyObject } from 'node:crypto';
import type { HmacSettings, SignatureCause, SigningScheme } from '@latchkey/protocol';

/** How the key of a secret was written in what a person pasted; `ed25519` is a public key. */
export type SecretEncoding = 'utf8' | 'hex' | 'base64' | 'ed25519';

interface SecretFacts {
  /** Names the stored secret; not secret itself. */
  readonly id: string;
  /** An HMAC key, or an Ed25519 public key with `standard` only. */
  readonly key: KeyObject;
  readonly encoding: SecretEncoding;
  readonly toleranceSeconds: number;
  /** Accepts nothing any more; it is kept so that a refusal can say that it was used. */
  readonly retired: boolean;
}

/** A signing secret of one endpoint, ready to check with. */
export type SigningSecret =
  | (SecretFacts & { readonly scheme: Exclude<SigningScheme, 'hmac'> })
  | (SecretFacts & { readonly scheme: 'hmac'; readonly settings: HmacSettings });

/** What a check needs of a request. */
export interface SignedRequest {
  /** The value of a header by its lower-case name; values of a repeated header are joined by `, ` as Node does. */
  header(name: string): string | undefined;
  /** The body exactly as it arrived: before any decoding of JSON or of characters. */
  readonly body: Buffer;
  readonly nowMs: number;
}

/** What the headers of a request say under one scheme. Nothing of it has been verified. */
export interface Claim {
  readonly algorithm: HmacSettings['algorithm'];
  /** What is signed in front of the body, and behind it. */
  readonly before: string;
  readonly after: string;
  readonly encoding: HmacSettings['encoding'];
  /** MACs that could be the right one, as an encoder writes those of the algorithm (see `readMac`). */
  readonly macs: readonly string[];
  /** Ed25519 signatures, decoded, 64 bytes each. */
  readonly ed25519: readonly Buffer[];
  /** Unix time as the signer wrote it; a whole number, of seconds if the signer did right. */
  readonly timestamp: number | undefined;
  /** What the sender calls the message; `undefined` where it does not name it. */
  readonly messageId: string | undefined;
}

/** A request whose signature is right, by a live secret, at a time that is near enough. */
export interface Accepted {
  readonly ok: true;
  readonly secretId: string;
  readonly scheme: SigningScheme;
  /** The same for every delivery of one message, whichever secret signed it; at most 300 characters. */
  readonly messageId: string;
  /** When it was signed, where the scheme says that. */
  readonly timestampMs: number | undefined;
  /** For how long another message of the same id is a repeat. */
  readonly rememberMs: number;
}

/** Why a request was not accepted; nothing in it comes from a secret or from an expected signature. */
export interface Refused {
  readonly ok: false;
  readonly problem: SignatureCause;
  readonly details: Readonly<Record<string, unknown>>;
}

export type Verdict = Accepted | Refused;

/** A refusal for `problem`. */
export function refused(problem: SignatureCause, details: Refused['details'] = {}): Refused {
  return { ok: false, problem, details };
}

/** Tells a claim from the refusal that stands in its place. */
export function isRefused(read: Claim | Refused): read is Refused {
  return 'ok' in read;
}
