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
export { type AuditFault, type AuditKnowledge, type AuditVerdict, verifyAuditExport } from './verify.ts';
