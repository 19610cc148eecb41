export { keepOnce, pingDatabase } from './meta.sql.ts';
export { migrate } from './migrate.ts';
export { hasDatabase, openDatabase } from './open.ts';
export { openPostgres } from './postgres.ts';
export { openSqlite } from './sqlite.ts';
export type { Reader, Store, Writer } from './store.ts';
export {
  type ApiKeysTable,
  type AuditCheckpointsTable,
  type AuditEventsTable,
  decodeScopes,
  type ExecutionsTable,
  encodeScopes,
  type InvitationsTable,
  type OauthRecordsTable,
  type OtpChallengesTable,
  type ProcessInstancesTable,
  type ProjectsTable,
  type SigningSecretsTable,
  type Tables,
  type WorkflowsTable,
  type WorkspacesTable,
} from './tables.ts';
