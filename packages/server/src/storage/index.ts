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
  encodeScopes,
  type InvitationsTable,
  type OauthRecordsTable,
  type OtpChallengesTable,
  type Tables,
  type WorkspacesTable,
} from './tables.ts';
