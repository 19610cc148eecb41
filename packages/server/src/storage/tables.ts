import type { Environment, KeyFamily } from '@latchkey/keys';
import type { AuditOutcome, Level, Role, Scope } from '@latchkey/protocol';

/** Instants are milliseconds since the Unix epoch; `null` where something has not happened. */

export interface MetaTable {
  name: string;
  value: string;
}

export interface UsersTable {
  id: string;
  /** Normalised; one account per address. */
  email: string;
  created_at: number;
  /** How many personal keys were ever minted; like `keys_minted` of an organization. */
  keys_minted: number;
}

export interface OrganizationsTable {
  id: string;
  name: string;
  description: string;
  size: string | null;
  logo_url: string | null;
  created_at: number;
  /** How many keys were ever minted; moving it is also what makes mints of one organization wait for each other. */
  keys_minted: number;
}

export interface OrganizationLogosTable {
  organization_id: string;
  mime_type: string;
  bytes: Uint8Array;
  sha256: string;
}

export interface MembershipsTable {
  organization_id: string;
  user_id: string;
  role: Role;
  /** Sealed; workflows that start without a call prove themselves with it (contract/codika.md A.1). */
  member_secret_sealed: string;
  created_at: number;
}

export interface ApiKeysTable {
  id: string;
  family: KeyFamily;
  /** `<pepper version>.<HMAC-SHA256 of the secret, base64url>`; the secret itself is nowhere. */
  digest: string;
  /** The first 12 characters, for display; empty for an environment key, whose prefix is nowhere kept. */
  prefix: string;
  name: string;
  description: string;
  /** JSON array of scope names. */
  scopes: string;
  organization_id: string | null;
  /** The person the key acts as; of an environment key, whoever minted it. */
  user_id: string | null;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  /** From here on of environment keys only. */
  environment: Environment | null;
  /** The workspace that the key is restricted to; none = tenant-wide. */
  workspace_id: string | null;
  level: Level | null;
  /** As shown, `a3f9...8c2d`: one key of an organization and environment has it. */
  fingerprint: string | null;
  /** Whole, 64 hex characters. */
  fingerprint_hex: string | null;
  /** The key that this one replaces. */
  rotated_from: string | null;
  /** When the key ends by itself, because it was rotated. */
  ends_at: number | null;
  last_used_address: string | null;
  last_used_client: string | null;
}

export interface WorkspacesTable {
  id: string;
  organization_id: string;
  environment: Environment;
  /** One live workspace of an organization and environment has it. */
  slug: string;
  name: string;
  created_by: string;
  created_at: number;
  deleted_at: number | null;
}

/** What members are granted in single workspaces, beyond their role. */
export interface WorkspaceLevelsTable {
  workspace_id: string;
  user_id: string;
  level: Level;
  granted_by: string;
  granted_at: number;
}

/** Pending ones only: an accepted invitation is a membership. */
export interface InvitationsTable {
  id: string;
  organization_id: string;
  /** Normalised. */
  email: string;
  role: Role;
  invited_by: string;
  created_at: number;
}

export interface OtpChallengesTable {
  id: string;
  email: string;
  purpose: 'signup' | 'login' | 'session';
  code_digest: string;
  attempts_remaining: number;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export interface OauthRecordsTable {
  /** The model of the OAuth library: `AccessToken`, `Grant`, `DeviceCode` and so on. */
  kind: string;
  /** HMAC-SHA256 of the token, code or id, base64url; what was handed out is nowhere. */
  digest: string;
  /** Everything that the library keeps, sealed for this row. */
  payload_sealed: string;
  /** The digest of the grant that the record belongs to: one grant is one signed-in session. */
  grant_digest: string | null;
  /** The other way to find a record: by user code, or by the uid of a browser session. */
  secondary_digest: string | null;
  user_id: string | null;
  /** How far a device code has come; it only ever grows. */
  stage: number;
  created_at: number;
  expires_at: number;
  consumed_at: number | null;
  poll_interval_ms: number | null;
  polled_at: number | null;
}

export interface LimitsTable {
  /** What is counted, for whom. */
  name: string;
  count: number;
  started_at: number;
  ends_at: number;
}

export interface RollingLimitsTable {
  name: string;
  /** The instants of what was counted last, oldest first, each 13 digits wide. */
  times: string;
  ends_at: number;
}

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

/** The tables of the database, as Kysely knows them. */
export interface Tables {
  meta: MetaTable;
  users: UsersTable;
  organizations: OrganizationsTable;
  organization_logos: OrganizationLogosTable;
  memberships: MembershipsTable;
  api_keys: ApiKeysTable;
  workspaces: WorkspacesTable;
  workspace_levels: WorkspaceLevelsTable;
  invitations: InvitationsTable;
  otp_challenges: OtpChallengesTable;
  limits: LimitsTable;
  rolling_limits: RollingLimitsTable;
  oauth_records: OauthRecordsTable;
  audit_chains: AuditChainsTable;
  audit_events: AuditEventsTable;
  audit_checkpoints: AuditCheckpointsTable;
}

/** Scopes as they are kept in a row. */
export function encodeScopes(scopes: readonly Scope[]): string {
  return JSON.stringify(scopes);
}

export function decodeScopes(text: string): Scope[] {
  return JSON.parse(text) as Scope[];
}
