export type { AuditCheckpointsTable, AuditEventsTable } from './audit-tables.ts';
export { containsText } from './contains.ts';
export {
  decodeRateLimit,
  decodeRestrictions,
  decodeScopes,
  encodeRateLimit,
  encodeRestrictions,
  encodeScopes,
  type RestrictionColumns,
  type Restrictions,
} from './encoded.ts';
export { createGatherer } from './gather.ts';
export { keepOnce, pingDatabase } from './meta.sql.ts';
export { migrate } from './migrate.ts';
export { hasDatabase, openDatabase } from './open.ts';
export { openPostgres } from './postgres.ts';
export { prepareRows } from './prepared-rows.ts';
export { openSqlite } from './sqlite.ts';
export {
  type HotRead,
  type Listener,
  maxMessageBytes,
  type Reader,
  type Store,
  type Writer,
} from './store.ts';
export type {
  ApiKeysTable,
  ExecutionDocumentsTable,
  ExecutionsTable,
  InvitationsTable,
  OauthRecordsTable,
  OtpChallengesTable,
  ProcessInstancesTable,
  ProjectsTable,
  SigningSecretsTable,
  Tables,
  WorkflowsTable,
  WorkspacesTable,
} from './tables.ts';
export type { IdempotencyClaimsTable } from './verification-tables.ts';
export type { WebhookDeliveriesTable } from './webhook-tables.ts';
export { createWriteBehind, type WriteBehind } from './write-behind.ts';
