/** Where the result of an execution goes, and the proof that it is ours to report. Latchkey writes it, no caller can. */
export interface ExecutionMetadata {
  readonly executionId: string;
  /** Good for this execution alone; it does not belong into a log. */
  readonly executionSecret: string;
  readonly callbackUrl: string;
  readonly errorCallbackUrl: string;
}

/** What Latchkey sends: the fields of the caller's payload, and its own beside them. */
export type Delivery = Readonly<Record<string, unknown>> & { readonly executionMetadata: ExecutionMetadata };
