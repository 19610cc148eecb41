/** One row: how many changes have taken something away from keys. Whoever moves it holds it until they commit. */
export interface RevocationCounterTable {
  id: number;
  seq: number;
  /** Made up anew with each change: a database that was set back numbers other changes alike. */
  mark: string;
  /** That of the change before. */
  previous_mark: string;
}

/** Processes that may answer from memory, and have to be waited for (docs/revocation.md). */
export interface ServerProcessesTable {
  id: string;
  /** What the counter was when it registered: it knows nothing that is older. */
  registered_seq: number;
  registered_at: number;
}

/** How much of a limit or of its budget a key has used; no row, or one that has ended = nothing. */
export interface KeyUsesTable {
  key_id: string;
  /** Which of its limits; 0 = the budget, whose window does not end. */
  window_seconds: number;
  used: number;
  /** As it stood when it was counted last. */
  allowed: number;
  /** How many of the wanted units the last statement got. */
  taken: number;
  started_at: number;
  ends_at: number;
}

/** Which process has confirmed which change, and when each of its verifiers had. */
export interface RevocationConfirmationsTable {
  seq: number;
  process_id: string;
  /** JSON array of the `holders` of a receipt. */
  holders: string;
  /** null = it has seen the change, and still waits for its verifiers. */
  confirmed_at: number | null;
}

/** What was done by a request that names itself by an `Idempotency-Key`. */
export interface IdempotencyClaimsTable {
  /** `key:<id>` or `session:<id>`: the name is known by this one only. */
  credential: string;
  /** Keyed digest of the name. */
  key_digest: string;
  /** Of the one call that did it. */
  call_id: string;
  /** Keyed digest of the operation and its input. */
  request_digest: string;
  /** As the audit event has it. */
  action: string;
  resource: string;
  /** What was answered; none where that showed a secret, or is not known yet. */
  answer_sealed: string | null;
  ends_at: number;
}
