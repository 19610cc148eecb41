export {
  type AuditActor,
  type AuditCheckpoint,
  type AuditEvent,
  type AuditFacts,
  auditText,
  checkpointText,
  firstPreviousHash,
} from './event.ts';
export { type AuditFault, type AuditVerdict, verifyAuditExport } from './verify.ts';
