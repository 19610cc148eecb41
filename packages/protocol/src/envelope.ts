import type { ErrorCode, ErrorDetails } from './errors.ts';

/** Every successful answer of an operation. */
export interface SuccessEnvelope<Data> {
  readonly success: true;
  readonly data: Data;
  readonly requestId: string;
}

/** Every refusal. `code` is open for readers: a newer server may know codes that this version does not. */
export interface ErrorEnvelope {
  readonly success: false;
  readonly error: {
    readonly code: ErrorCode | (string & {});
    readonly message: string;
    readonly nextAction?: string;
    readonly details?: ErrorDetails;
  };
  readonly requestId: string;
}

export type Envelope<Data> = SuccessEnvelope<Data> | ErrorEnvelope;

/** A refusal of an operation whose errors are text (contract/codika.md D.0, "Flat error"). */
export interface FlatError {
  readonly success: false;
  readonly error: string;
  readonly code: ErrorEnvelope['error']['code'];
  readonly nextAction?: string;
  readonly details?: ErrorDetails;
  readonly requestId: string;
}

/** The same refusal with its error as text. */
export function flatError({ error: { message, ...facts }, ...envelope }: ErrorEnvelope): FlatError {
  return { ...envelope, error: message, ...facts };
}
