/** One row: how many changes have taken something away from keys. Whoever moves it holds it until they commit. */
export interface RevocationCounterTable {
  id: number;
  seq: number;
}

/** Processes that may answer from memory, and have to be waited for (docs/revocation.md). */
export interface ServerProcessesTable {
  id: string;
  /** What the counter was when it registered: it knows nothing that is older. */
  registered_seq: number;
  registered_at: number;
}

/** How much of its budget a key has used; no row = nothing. */
export interface KeyUsesTable {
  key_id: string;
  used: number;
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
