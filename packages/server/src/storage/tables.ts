import type { Environment, KeyFamily } from '@latchkey/keys';
import type {
  ExecutionStatus,
  Level,
  Role,
  SharedWith,
  SigningScheme,
  WorkflowMode,
} from '@latchkey/protocol';
import type { AuditChainsTable, AuditCheckpointsTable, AuditEventsTable } from './audit-tables.ts';
import type { KeyHoursTable, KeyRefusalsTable, OrganizationHoursTable } from './key-activity-tables.ts';
import type {
  IdempotencyClaimsTable,
  KeyUsesTable,
  RevocationConfirmationsTable,
  RevocationCounterTable,
  ServerProcessesTable,
} from './verification-tables.ts';
import type { WebhookDeliveriesTable, WebhookMessagesTable } from './webhook-tables.ts';

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
  /** The one process instance that an instance key is for. */
  instance_id: string | null;
  /** Of instance keys only, which owners and admins may see again. */
  secret_sealed: string | null;
  /** JSON of a `RateLimit`: how often the key may trigger. */
  rate_limit: string | null;
  /** While it is refused for a while. */
  disabled_at: number | null;
  /** JSON array of addresses and networks that may use the key. */
  allowed_addresses: string | null;
  /** JSON array of what it may be used for, in the words of whoever verifies it. */
  resources: string | null;
  /** JSON array of `KeyLimit`s. */
  limits: string | null;
  /** JSON of a `KeyBudget`. */
  budget: string | null;
}

export interface ProjectsTable {
  id: string;
  organization_id: string;
  name: string;
  description: string;
  template_id: string;
  status: 'draft' | 'in_progress' | 'completed';
  /** Whoever's key or session it was; none for a key that acts as nobody. */
  created_by: string | null;
  created_at: number;
  archived_at: number | null;
}

export interface ProcessInstancesTable {
  id: string;
  organization_id: string;
  project_id: string;
  environment: Environment;
  title: string;
  version: string;
  owner_user_id: string | null;
  shared_with: SharedWith;
  /** 0 or 1, as is `query_keys`. */
  is_active: number;
  inactive_reason: string | null;
  /** Whether the key may stand in the URL. */
  query_keys: number;
  /** How many calls of targets may be under way at once. */
  max_concurrency: number;
  /** JSON of a `RateLimit`. */
  rate_limit: string | null;
  /** Sealed; signs what goes to the targets, by Standard Webhooks. */
  webhook_secret_sealed: string;
  /**
   * Moves with every change of the instance, its workflows, its key and its signing secrets: whoever has read them
   * at a revision may rely on them in a transaction that finds it unchanged.
   */
  revision: number;
  created_at: number;
  archived_at: number | null;
  last_executed_at: number | null;
}

export interface WorkflowsTable {
  instance_id: string;
  /** The stable public id, a slug. */
  workflow_id: string;
  position: number;
  trigger_id: string;
  name: string;
  target_url: string;
  mode: WorkflowMode;
  timeout_seconds: number;
  /** 0 or 1: whether the target may be called again where nobody knows what came of a call. */
  idempotent: number;
  /** JSON Schema, as text. */
  input_schema: string | null;
}

/** What others sign their webhooks with, for one workflow of one instance. */
export interface SigningSecretsTable {
  id: string;
  instance_id: string;
  workflow_id: string;
  scheme: SigningScheme;
  label: string;
  /** Sealed, with its settings. */
  secret_sealed: string;
  created_by: string | null;
  created_at: number;
  retired_at: number | null;
}

export interface ExecutionsTable {
  id: string;
  /** That of its instance, so that its newest are found without the instances. */
  organization_id: string;
  instance_id: string;
  workflow_id: string;
  trigger_id: string;
  status: ExecutionStatus;
  /** JSON: who started it, and how they proved it. */
  caller: string;
  /** JSON of an object, without `executionMetadata`. */
  payload: string;
  created_at: number;
  deadline_at: number;
  /** How often its target was called, or was about to be. */
  attempts: number;
  /** When its target is to be called; null once that was begun, and where it calls back by itself. */
  due_at: number | null;
  finished_at: number | null;
  duration_ms: number | null;
  /** JSON. */
  result: string | null;
  /** JSON of the error details. */
  error: string | null;
  engine_execution_id: string | null;
  /** The execution that this one repeats. */
  rerun_of: string | null;
  /** JSON: the last attempt that failed and was to be followed by another one. */
  last_failure: string | null;
}

export interface ExecutionDocumentsTable {
  id: string;
  execution_id: string;
  field_key: string | null;
  file_name: string;
  mime_type: string;
  size_bytes: number;
  bytes: Uint8Array;
  created_at: number;
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

/** The tables of the database, as Kysely knows them. */
export interface Tables {
  meta: MetaTable;
  users: UsersTable;
  organizations: OrganizationsTable;
  organization_logos: OrganizationLogosTable;
  memberships: MembershipsTable;
  api_keys: ApiKeysTable;
  revocation_counter: RevocationCounterTable;
  server_processes: ServerProcessesTable;
  revocation_confirmations: RevocationConfirmationsTable;
  key_uses: KeyUsesTable;
  key_hours: KeyHoursTable;
  organization_hours: OrganizationHoursTable;
  key_refusals: KeyRefusalsTable;
  idempotency_claims: IdempotencyClaimsTable;
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
  projects: ProjectsTable;
  process_instances: ProcessInstancesTable;
  workflows: WorkflowsTable;
  signing_secrets: SigningSecretsTable;
  webhook_messages: WebhookMessagesTable;
  webhook_deliveries: WebhookDeliveriesTable;
  executions: ExecutionsTable;
  execution_documents: ExecutionDocumentsTable;
}
