import type { VerdictCode } from '@latchkey/protocol';

interface HoursColumns {
  /** When the hour begins. */
  hour: number;
  outcome: VerdictCode;
  uses: number;
}

/** How often a key was used within an hour, and what came of it. */
export interface KeyHoursTable extends HoursColumns {
  key_id: string;
}

/** The same of all keys in an organization. */
export interface OrganizationHoursTable extends HoursColumns {
  organization_id: string;
}

/** The last refusals of each key. */
export interface KeyRefusalsTable {
  id: string;
  key_id: string;
  at: number;
  code: VerdictCode;
  /** Where the key was used, as far as whoever asked about it has said so. */
  address: string | null;
  client: string | null;
  /** What the key lacks, or has used up. */
  missing: string | null;
}
