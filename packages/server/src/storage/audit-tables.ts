import type { AuditOutcome } from '@latchkey/protocol';

/** Instants as in `tables.ts`. */

export interface AuditChainsTable {
  chain: string;
  seq: number;
  hash: string;
}

export interface AuditEventsTable {
  chain: string;
  seq: number;
  at: number;
  /** From here to `workspace` also in `facts`; columns of their own to filter by. */
  action: string;
  /** The id of who did it; the address of who has none. */
  actor: string | null;
  resource: string | null;
  outcome: AuditOutcome;
  environment: string | null;
  workspace: string | null;
  /** JSON of the event's facts. */
  facts: string;
  previous_hash: string;
  hash: string;
}

export interface AuditCheckpointsTable {
  chain: string;
  seq: number;
  hash: string;
  at: number;
  public_key: string;
  signature: string;
}
