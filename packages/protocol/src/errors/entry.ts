/**
 * What the table says of an error. Words in braces are filled from the error's `details`, which also go over the wire.
 */
export interface ErrorEntry {
  readonly status: number;
  /** What is wrong, for the person who reads it. */
  readonly message: string;
  /** What to do next; shown unchanged by the command line and by agents. */
  readonly nextAction: string;
  /** True when the same request can succeed later without being changed. */
  readonly retryable: boolean;
}

/** The same request will not succeed later. */
export const once = { retryable: false } as const;
/** The same request can succeed later. */
export const later = { retryable: true } as const;
