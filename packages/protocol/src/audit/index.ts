export {
  type AuditActor,
  type AuditCheckpoint,
  type AuditEvent,
  type AuditFacts,
  type AuditOutcome,
  auditOutcomes,
  auditText,
  checkpointText,
  firstPreviousHash,
} from './event.ts';
export { type AuditKnowledge, verifyAuditExport, verifyAuditLines } from './verify.ts';
export type { AuditFault, AuditVerdict } from './verify-line.ts';
